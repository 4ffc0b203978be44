"""What the assistant's tests share."""

from hypothesis import HealthCheck, settings

# A slow machine is no defect: how long a case takes is measured elsewhere.
settings.register_profile("anhuan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("anhuan")

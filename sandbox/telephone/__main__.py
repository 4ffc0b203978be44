"""``python -m sandbox.telephone``: the telephone on ``ANHUAN_TELEPHONE_PORT``, this machine only."""

import os

import uvicorn

from sandbox.telephone import TelephoneSettings, create_app

if __name__ == "__main__":
    settings = TelephoneSettings.read(os.environ)
    uvicorn.run(create_app(settings), host="127.0.0.1", port=settings.port, access_log=False)

# Needs Git, Make and Python 3.11 or newer; everything else is fetched by the targets below.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
# Each candidate is run, not only looked up: a version manager's shim can be on PATH and fail.
PY := $(shell for p in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
RUN = @$(if $(PY),exec $(PY) -m,echo "Anhuan needs Python 3.11 or newer and found none. Install one, or say where it is: make PYTHON=/path/to/python3.11 ..." >&2; exit 1;)

.PHONY: help run test test-long lint format train bench simulate evaluate import payments outreach staff authenticator sms-templates verify-ledger rotate-keys person-export person-erase policy-check environments lock clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

run:  ## Start everything on this machine, with a sample portfolio; Ctrl-C stops all of it
	$(RUN) tooling.run

test:  ## Lint and every test that a change needs, from nothing
	$(RUN) tooling.check test

test-long:  ## The long tests: kills, fuzzing, soak
	$(RUN) tooling.check test-long

lint:  ## ruff and strict mypy
	$(RUN) tooling.check lint

format:  ## Let ruff put the code in form
	$(RUN) tooling.check format

train:  ## Train the assistant's model into bot/models, when none fits the data
	$(RUN) tooling.model

bench:  ## Measure (see docs/performance.md)
	$(RUN) tooling.check bench

simulate:  ## Let a population live through its plans: make simulate PEOPLE=10000 SEED=7 WRITE=1
	$(RUN) tooling.check simulate $(if $(PEOPLE),--people "$(PEOPLE)") $(if $(SEED),--seed "$(SEED)") $(if $(WRITE),--write)

evaluate:  ## Score what is understood: make evaluate SETS="known distress" WRITE=1 MISTAKES=1
	$(RUN) tooling.check evaluate $(SETS) $(if $(WRITE),--write) $(if $(MISTAKES),--mistakes)

import:  ## Import a portfolio: make import FILE=portfolio.csv
	$(RUN) tooling.settings api.accounts.importing "$(FILE)"

payments:  ## Import payments: make payments FILE=payments.csv
	$(RUN) tooling.settings api.followup.importing "$(FILE)"

outreach:  ## Invite who is newly overdue, by policy; show only: make outreach DRY=1
	$(RUN) tooling.settings api.followup.outreach_command $(if $(DRY),--dry-run) $(if $(ALL),--all)

staff:  ## Make a colleague: make staff LOGIN=qinlan NAME=秦岚 ROLE=administrator; a new password: RESET=1
	$(RUN) tooling.settings api.console.staff_command --login "$(LOGIN)" $(if $(NAME),--name "$(NAME)") $(if $(ROLE),--role "$(ROLE)") $(if $(LOCALE),--locale "$(LOCALE)") $(if $(RESET),--reset)

authenticator:  ## The sandbox's authenticator: make authenticator LOGIN=taoning
	$(RUN) tooling.settings sandbox.authenticator "$(LOGIN)"

sms-templates:  ## The texts to register with a mainland gateway (see docs/operations.md)
	$(RUN) tooling.settings api.conversations.registered_texts

verify-ledger:  ## Whether every recorded document is what it was, or which row is not (HEAD=head.json)
	$(RUN) tooling.settings api.agreements.ledger.verify_command $(if $(HEAD),--head "$(HEAD)") $(if $(FAST),--without-seals)

policy-check:  ## What a bank's policy file would change: make policy-check FILE=bank.yaml
	$(RUN) tooling.settings api.policy.check $(if $(FILE),"$(FILE)")

rotate-keys:  ## Encrypt everything with a new key, while all goes on; afterwards: make rotate-keys DROP=1
	$(RUN) tooling.settings api.custody.keys_command $(if $(DROP),--drop)

person-export:  ## Everything held of a person, as they may have it: make person-export REF=P-1001
	$(RUN) tooling.settings api.custody.person_command export --ref "$(REF)"

person-erase:  ## Erase what law lets go: make person-erase REF=P-1001 shows it, CONFIRM=1 does it
	$(RUN) tooling.settings api.custody.person_command erase --ref "$(REF)" $(if $(CONFIRM),--confirm)

environments:  ## Install both locked environments (.venv and bot/.venv)
	$(RUN) tooling.environments

lock:  ## Resolve both lock files again from the two pyproject.toml
	$(RUN) tooling.environments lock

clean:  ## Remove environments, models and caches; var/ with its data stays
	rm -rf .tools .venv bot/.venv .rasa .pytest_cache .mypy_cache .ruff_cache .hypothesis results bot/models/*.tar.gz bot/models/*.log
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

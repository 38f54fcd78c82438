# make run   install the suite with its demo town and serve it   [PORT=8069] [DATABASE=utility_demo]
# make test  run every test   [MODULES=utility_base,...] [TAGS=/utility_base:TestX.test_y]
# make lint  check code, views and files       make format  write what the formatters want
# make bench measure, as ratios inside one run   [ONLY=part of a name]
# make i18n  bring translation files in line with the code
# make pictures  take the documents' pictures anew, from the story of the month
# make stop  stop server and private database  make clean   remove all that was set up

PYTHON ?= $(shell command -v python3.11 || command -v python3)

.PHONY: run test lint format bench i18n pictures stop clean
export PORT DATABASE MODULES TAGS ONLY

run test lint format bench i18n pictures stop clean:
	@$(PYTHON) tools/project.py $@

from chatr.privacy.classification import Classification

CLASSIFIED = {"BankHoliday": dict.fromkeys(("id", "date", "name"), Classification.PUBLIC)}

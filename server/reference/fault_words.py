"""What each code of intake means, in words. The page of the survey file prints them; a test holds them to the code."""

FAULTS = {
    "VALUE_MISSING": "A required value is empty.",
    "WORD_UNKNOWN": "The word is not one of the answers of the column. Answers are written in lower case.",
    "NUMBER_INVALID": "The value is not a number of the column's kind and range.",
    "DATE_INVALID": "The value is not a date that exists, written YYYY-MM-DD.",
    "TEXT_INVALID": "The text is too long, or holds line breaks or control characters.",
    "NUMBER_MALFORMED": "A CNIC or B-Form number has not thirteen digits.",
    "NUMBER_NOT_ISSUED": "A CNIC or B-Form number begins with 0 or 9, which are never issued. "
    "Numbers of synthetic people begin with 9 and go in where `NSER_SYNTHETIC` is set.",
    "NUMBER_REPEATED": "Two members of the roster have the same identity number.",
    "NUMBER_ELSEWHERE": "The identity number belongs to a member of another household. Of somebody who moved, the "
    "household left behind is loaded first, without her.",
    "MOBILE_INVALID": "The value is not a Pakistani mobile number.",
    "FORM_MALFORMED": "The form number holds other characters than letters, digits, hyphens, dots, underscores and "
    "slashes.",
    "FORM_REPEATED": "Two rows of the households file have the same form number.",
    "ROW_MISSHAPEN": "The row has more or fewer values than the header has columns.",
    "HOUSEHOLD_MISSING": "No row of the households file has the person's form number.",
    "HOUSEHOLD_REJECTED": "Nothing is wrong with this row; another row of its form is at fault.",
    "ROSTER_EMPTY": "The household has no members.",
    "ROSTER_TOO_LARGE": "The roster has more members than one household has; two may share a form number.",
    "HEAD_MISSING": "No member is the head.",
    "HEAD_REPEATED": "More than one member is the head.",
    "LINE_REPEATED": "Two members have the same line number.",
    "REGION_UNKNOWN": "No region that is loaded has this code.",
    "REGION_NOT_TEHSIL": "The code is that of a district or province.",
    "REGION_NOT_VALID": "The tehsil did not exist in this form on the day of the survey.",
    "SURVEY_IN_FUTURE": "The survey's date lies in the future.",
    "SURVEY_TOO_EARLY": "The survey's date lies before 2010, when the first survey began.",
    "SURVEY_SUPERSEDED": "A more recent survey of the household has been accepted.",
    "MEMBER_ON_RECORD": "A member who is missing from the new roster has an enrolment or an exclusion on record.",
    "BIRTH_AFTER_SURVEY": "The date of birth lies after the survey.",
    "AGE_IMPLAUSIBLE": "The date of birth makes the person older than anybody becomes.",
    "MOTHERHOOD_IMPLAUSIBLE": "Pregnancy or breastfeeding is stated of a man, or of a woman outside 10 to 60 years.",
    "DELIVERY_WITHOUT_PREGNANCY": "An expected delivery is given, and no pregnancy is.",
    "DELIVERY_IMPLAUSIBLE": "The expected delivery lies more than ten months after the survey, or weeks before it.",
}
"""Codes of rows that are set aside."""

FINDINGS = {
    "MOBILE_MISSING": "Warning. No mobile number is given.",
    "POSITION_INCOMPLETE": "Warning. Of latitude and longitude only one is given.",
    "CNIC_OF_MINOR": "Warning. A person under 18 has a CNIC.",
    "BFORM_OF_ADULT": "Warning. A person of 18 or older has a B-Form number.",
    "DISABILITY_INCOMPLETE": "Warning. Of domain and severity of a limitation only one is given.",
    "NUMBER_CONTRADICTS_SEX": "Warning. The last digit is odd for a female or even for a male.",
    "NUMBER_OF_OTHER_PROVINCE": "Information. The number was first issued in another province than the household's.",
}
"""Codes that are stored with an accepted submission."""

"""The fields whose meaning redaction knows, and the words that an error's sentence may keep.

Any other field may hold personal data, such as a name, so nothing is written if one occurs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

#: What a field holds, which decides how it is redacted:
#: ``keep`` is a part of the contract and stays; ``flag`` is true or false; ``status`` is a number of three digits;
#: ``sentence`` is an error's text, whose known words stay; ``within`` holds further fields only;
#: ``name`` and ``picture`` are personal; ``moment`` and ``trace`` belong to one response, and are volatile;
#: ``pseudonym`` is any other personal value; ``allowed`` is what the user has looked at and wants to keep; each of the
#: others is the id of what it names.
Rule = Literal[
    "keep", "flag", "status", "sentence", "within", "name", "picture", "moment", "trace", "account", "page",
    "location", "user", "company", "pseudonym", "allowed",
]  # fmt: skip

#: By name, or by the enclosing field and name, which takes precedence.
KNOWN_FIELDS: Mapping[str, Rule] = {
    # the event
    "actionType": "keep",
    "page": "keep",
    "platform": "keep",
    "placement": "keep",
    "accountId": "account",
    "reconnectAccounts": "account",
    "refresh": "keep",
    "source": "keep",
    "locationId": "location",
    "userId": "user",
    "companyId": "company",
    # every answer
    "success": "flag",
    "statusCode": "status",
    "status": "status",
    "message": "sentence",
    "error": "sentence",
    "name": "sentence",
    "path": "sentence",
    "options": "within",
    "traceId": "trace",
    "timestamp": "moment",
    # the account
    "results": "within",
    "pages": "within",
    "pages.id": "page",
    "pages.name": "name",
    "pages.avatar": "picture",
    "isOwned": "flag",
    "isConnected": "flag",
}

#: The shape of a value that is a word of the contract, even if the word is not in the vocabulary.
WORD = re.compile(r"[a-z]{1,20}(?:[-_][a-z]{1,20}){0,5}")

#: The shape of a field's name; a longer or other name may be personal itself.
FIELD_NAME = re.compile(r"[A-Za-z_][A-Za-z_]{0,30}[0-9]{0,2}")


def rule_for(within: str, name: str, field_rules: Mapping[str, Rule]) -> Rule | None:
    """Return the rule of a field, or None if the field is unknown.

    Args:
        within: the name of the enclosing field, or an empty string.
        name: the field's name.
        field_rules: the user's rules for further fields, by name.
    """
    return field_rules.get(name) or KNOWN_FIELDS.get(f"{within}.{name}") or KNOWN_FIELDS.get(name)


#: The words of the errors that the vendor documents or that integrators have seen, and of validators, gateways and HTTP
#: (RFC 9110 §15); no name of a person or a company is among them.
VOCABULARY = frozenset(
    """
    a able above access account accounts action active after again agency all allowed already also an and another any
    api app application are argument array as ascii at attempt auth authentication authenticated authorization
    authorized available avatar backend bad be bearer because been before being below between body boolean both but by
    call called calls can cannot cause change character characters check class client close code codes common company
    connect connected connection contact contain contains content could create created credential credentials current
    daily data date day days default delete deleted denied deprecated detail details did different digit digits disabled
    do does done due duplicate each either element elements email empty enabled end endpoint enough entity enum equal
    error errors event exact exactly exceed exceeded exception exist existing exists expected expire expired expires
    facebook fail failed failure false fetch fetched field fields file filter finish follow following for forbidden
    format found from gateway get given gone google greater group groups had has have header headers here hex
    hexadecimal highlevel hour hours http https id identifier ids if in inactive inside instagram instead integer
    integration internal into invalid is isn it item items its json jwt key kind large last leadconnector least length
    less level like limit limited linkedin list local location locations logged login long longer longest look lower
    made malformed many mapping match matches maximum may media member message method methods millisecond milliseconds
    min minimum minute minutes mismatch missing modified mongo mongodb more most must name need needed needs nest new no
    non none not nothing null number object objects of on one only operation option optional options or other out over
    owned page pages param parameter parameters parse part password path pattern payload per permission permissions
    permitted pit placement planner platform please position post posting present private process profile profiles
    property provide provided put query quota rate readonly receive received reconnect record redirect refresh refused
    regular reject rejected removed request requested requests require required requires resource resources response
    result results retry route role root same schema scope scopes search second seconds secret see segment send sent
    server service services session set short should single social socialplanner some something start state status
    still string strings sub subaccount success successful successfully such supported syntax t temporarily than that
    the their them then there this throttled throttler through time timeout times to token tokens too trace traceid
    true try twitter tiktok two type types unable unacceptable unauthorized unavailable undefined under unexpected
    unique unknown unprocessable unreachable unsupported update updated upper uri url usage use used user users uuid
    valid validate validation validator value values verify version was wasn were what when where which while will with
    within without wrong year you your yet
    """.split()  # noqa: SIM905 - read as a text
) | frozenset(part.casefold() for part in ("accountId", "locationId", "userId", "companyId", "oauth", "OAuth2", "jwt"))

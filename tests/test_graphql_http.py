"""GraphQL over HTTP: what is taken, what is refused, and in which media type the answer comes."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest

from server.errors import HTTPRefusal
from server.graphql import LARGEST_BODY, PLAIN_JSON, RESPONSE_JSON, negotiated
from tests.registry import small_registry
from tests.service import Service, service_on

ASK = b'{"query": "{ viewer { client } }"}'


@pytest.fixture(scope="module")
def service(new_database: Callable[[], str]) -> Iterator[Service]:
    """The application over a small registry."""
    with service_on(new_database(), small_registry(households=20)) as service:
        yield service


def _send(service: Service, body: bytes = ASK, method: str = "POST", path: str = "", **headers: str) -> Any:
    sent = {"authorization": f"Bearer {service.token('desk')}", "content-type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return service.http.request(method, f"/graphql{path}", content=body, headers=sent)


def test_an_answer_comes_in_the_media_type_that_was_asked_for(service: Service) -> None:
    """Either JSON type, in UTF-8, never stored; a client that names none gets the plain one."""
    for accept, given in {
        "application/graphql-response+json": "application/graphql-response+json; charset=utf-8",
        "application/json": "application/json; charset=utf-8",
        "*/*": "application/json; charset=utf-8",
    }.items():
        answer = _send(service, accept=accept)
        assert answer.json() == {"data": {"viewer": {"client": "desk"}}}
        assert answer.headers["content-type"] == given
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (b"application/json", PLAIN_JSON),
        (b"application/graphql-response+json, application/json;q=0.9", RESPONSE_JSON),
        (b"application/json, application/graphql-response+json;q=0.5", PLAIN_JSON),
        (b"text/html, application/*;q=0.8", RESPONSE_JSON),
        (b"application/json; charset=utf-8", PLAIN_JSON),
        (b'application/json; charset="utf-8"', PLAIN_JSON),
        (b"application/json; charset=latin1, application/graphql-response+json;q=0.1", RESPONSE_JSON),
        (b"application/json;q=x, */*;q=0.1", PLAIN_JSON),
        (b"APPLICATION/JSON;v=1;q=7", PLAIN_JSON),
    ],
)
def test_the_preferred_media_type_is_chosen(accept: bytes, chosen: bytes) -> None:
    """Quality decides, then the order; a type in another character set is not on offer."""
    assert negotiated(accept) == chosen


def test_a_client_that_takes_neither_type_is_told(service: Service) -> None:
    """406, and an `Accept` that excludes a type with q=0 excludes it."""
    for accept in ("text/html", "image/*", "application/json;q=0", "application/json;charset=utf-16"):
        assert _send(service, accept=accept).status_code == 406
    with pytest.raises(HTTPRefusal):
        negotiated(b"")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_only_post_and_get_are_taken(service: Service, method: str) -> None:
    """Another method is 405 with the ones that are allowed."""
    answer = _send(service, method=method)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_a_body_is_json_in_utf_8(service: Service) -> None:
    """`application/json`, with or without its character set; everything else is 415."""
    for taken in ("application/json", "application/json; charset=UTF-8", 'Application/JSON;charset="utf-8";'):
        assert _send(service, content_type=taken).status_code == 200
    for refused in ("text/plain", "application/json; charset=latin1", "application/graphql", "multipart/form-data", ""):
        assert _send(service, content_type=refused).status_code == 415


def test_a_body_has_at_most_a_megabyte(service: Service) -> None:
    """Exactly a megabyte is read, one byte more is 413."""
    padded = ASK + b" " * (LARGEST_BODY - len(ASK))
    assert _send(service, padded).status_code == 200
    assert _send(service, padded + b" ").status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'[{"query": "{ viewer { client } }"}]',
        b'"{ viewer { client } }"',
        b"null",
        b'{"query": null}',
        b'{"query": "{viewer{client}}", "variables": []}',
        b'{"query": "{viewer{client}}", "operationName": 1}',
        b'{"query": "{viewer{client}}", "extensions": "x"}',
        b'{"query": "{viewer{client}}", "variables": {"a": "\\ud800"}}',
        b'{"query": "{viewer{client}}", "variables": {"a": "\xff"}}',
        b'{"query": "{viewer{client}}", "variables": {"a": ' + b"[" * 2000 + b"]" * 2000 + b"}}",
        b'{"query": "{viewer{client}}", "variables": {"a": NaN}}',
    ],
)
def test_what_is_no_request_is_400(service: Service, body: bytes) -> None:
    """Not JSON, a batch, lone surrogates, a bottomless nesting, parameters of another type: a sentence, never a 500."""
    answer = _send(service, body, accept="application/json")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "BAD_REQUEST")


def test_a_document_without_variables_may_be_asked_by_get(service: Service) -> None:
    """GET answers the very bytes that POST does; the document may name its operation."""
    query = "?query=query+Q%7Bpersons(first:1)%7BtotalCount%7D%7D&operationName=Q&extensions=%7B%7D"
    by_post = _send(service, orjson.dumps({"query": "query Q{persons(first:1){totalCount}}"}))
    by_get = _send(service, b"", "GET", query)
    assert (by_get.status_code, by_get.content) == (200, by_post.content)


def test_variables_in_an_address_may_ask_about_the_schema_only(service: Service) -> None:
    """An address ends up in logs, so a number in one is 405; a type's name is not anybody's."""
    schema = "?query=query(%24n:String!)%7B__type(name:%24n)%7Bname%7D%7D&variables=%7B%22n%22:%22Person%22%7D"
    person = "?query=query(%24n:String!)%7Bperson(cnic:%24n)%7Bid%7D%7D&variables=%7B%22n%22:%2290000-0000000-1%22%7D"
    assert _send(service, b"", "GET", schema).json() == {"data": {"__type": {"name": "Person"}}}
    refused = _send(service, b"", "GET", person)
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    assert "90000" not in refused.text
    assert _send(service, b"", "GET", schema.replace("%7B%22n", "n")).status_code == 400
    assert _send(service, b"", "GET", "?variables=%7B%7D").status_code == 400


def test_a_get_changes_nothing(service: Service) -> None:
    """A mutation in an address is refused like every operation that the schema does not have."""
    answer = _send(service, b"", "GET", "?query=mutation%7B__typename%7D", accept="application/graphql-response+json")
    assert answer.status_code == 400


def test_a_request_without_a_token_is_told_where_tokens_come_from(service: Service) -> None:
    """401 with the address of the metadata; a token that is none is 401 `invalid_token`; two headers are 400."""
    bare = service.http.post("/graphql", json={"query": "{__typename}"})
    assert bare.status_code == 401
    assert "oauth-protected-resource/graphql" in bare.headers["www-authenticate"]
    assert "error=" not in bare.headers["www-authenticate"]
    bad = _send(service, authorization="Bearer nonsense")
    assert (bad.status_code, bad.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    assert 'error="invalid_token"' in bad.headers["www-authenticate"]
    assert _send(service, authorization="Bearer ").status_code == 400
    assert _send(service, authorization="Basic x").status_code == 401


def test_several_operations_are_told_apart_by_name(service: Service) -> None:
    """The one that is named is executed; without a name, or with an unknown one, nothing is."""
    document = "query A { viewer { client } } query B { programmes { code } }"
    body = {"query": document, "operationName": "A"}
    assert _send(service, orjson.dumps(body)).json() == {"data": {"viewer": {"client": "desk"}}}
    for name in (None, "", "C"):
        refused = _send(service, orjson.dumps(body | {"operationName": name}), accept=RESPONSE_JSON.decode())
        assert refused.status_code == 400
        assert "operation" in refused.json()["errors"][0]["message"]


def test_a_refused_document_is_200_for_clients_of_the_plain_type(service: Service) -> None:
    """Under `application/json` a bad document or argument is 200 without data; under the other type it is 400."""
    for query in ("{", "{ nothing }", "{ persons(first: 0) { totalCount } }", "{ persons(where: {}) { totalCount } }"):
        body = orjson.dumps({"query": query})
        plain, meaningful = _send(service, body, accept="application/json"), _send(service, body, accept="*/*, " + NEW)
        assert (plain.status_code, list(plain.json())) == (200, ["errors"])
        assert _send(service, body, accept=NEW).status_code == 400
        assert plain.content == meaningful.content


NEW = RESPONSE_JSON.decode()


# crossCheck over HTTP


def _checked(service: Service, cnics: Any) -> Any:
    return service.ask("desk", "query($c: [String!]!) { crossCheck(cnics: $c) { cnic status } }", {"c": cnics})


def test_a_cross_check_answers_each_number_where_it_was_asked(service: Service) -> None:
    """In order, repeated numbers too; a malformed one is INVALID and never "no record", whatever stands beside it."""
    known = service.data("desk", "{persons(where:{cnic:{isNull:false}}, first: 1){edges{node{cnic}}}}")
    number = known["persons"]["edges"][0]["node"]["cnic"]
    asked = [number, "90000-0000000-0", number, "", "x", number.replace("-", ""), "９" * 13, " " * 99]
    result = _checked(service, asked).json()["data"]["crossCheck"]
    assert [one["cnic"] for one in result] == asked
    seen, none, bad = "VISIBLE", "NO_VISIBLE_RECORD", "INVALID"
    assert [one["status"] for one in result] == [seen, none, seen, bad, bad, seen, bad, bad]


def test_a_cross_check_takes_a_thousand_numbers(service: Service) -> None:
    """A thousand are answered; one more, none, a null or a NUL character among them are refused as a whole."""
    numbers = [f"90000-{at:07d}-0" for at in range(1000)]
    answer = _checked(service, numbers).json()["data"]["crossCheck"]
    assert [(one["cnic"], one["status"]) for one in answer] == [(n, "NO_VISIBLE_RECORD") for n in numbers]
    for refused in ([*numbers, "90000-0000000-0"], [], [None], [*numbers[:5], None], None, ["9\0"]):
        assert _checked(service, refused).status_code == 400


def test_a_null_in_a_literal_list_of_numbers_is_refused(service: Service) -> None:
    """Also where a variable that may be null stands in the list; a variable that is given is taken."""
    query = 'query($c: String = "1") { crossCheck(cnics: ["2", $c]) { cnic } }'
    assert service.data("desk", query) == {"crossCheck": [{"cnic": "2"}, {"cnic": "1"}]}
    assert service.ask("desk", query, {"c": None}).status_code == 400

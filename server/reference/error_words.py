"""What each error code means and what to do about it. The page of errors prints them; a code without words fails it."""

Words = dict[str, tuple[str, str]]

GRAPHQL: Words = {
    "UNAUTHENTICATED": (
        "There is no access token, it cannot be read, it is not accepted (any more), or the client or its agreement "
        "give no grant. `WWW-Authenticate` says which, and where tokens come from. 400 stands for a header that cannot "
        "be read.",
        "Ask `/oauth/token` for a new token. When that is refused too, ask the focal point of the agreement.",
    ),
    "INSUFFICIENT_SCOPE": (
        "The operation uses coordinates that exist and that the grant does not give. There is one error for each, with "
        "`coordinate` and `requiredScopes`; `WWW-Authenticate` names all scopes that the operation needs.",
        "Leave the coordinates out, ask for a token with these scopes, or have the agreement extended.",
    ),
    "BAD_USER_INPUT": (
        "An argument cannot be meant: an empty list, an empty filter, a null where none can be, a number, date, cursor "
        "or code that is none. `coordinate` names the place in the arguments.",
        "Correct the argument. The registry guesses nothing and never reads an empty condition as *all*.",
    ),
    "LIMIT_EXCEEDED": (
        "The document is larger than the [limits](limits.md) allow. `limit` is the limit.",
        "Ask for less in one operation.",
    ),
    "AMBIGUOUS": (
        "Two registrants bear the identity number. The registry does not choose between them.",
        "Report it; a registration desk has to resolve it.",
    ),
    "GRAPHQL_PARSE_FAILED": ("The document is not GraphQL. `locations` says where.", "Correct the document."),
    "GRAPHQL_VALIDATION_FAILED": (
        "The document, or a variable, names something that does not exist or has another type. What exists outside the "
        "grant is not told here; see `INSUFFICIENT_SCOPE`.",
        "Correct it; the caller's own schema can be asked for by introspection.",
    ),
    "BAD_REQUEST": (
        "What was sent is no GraphQL request: a malformed body (400), another method than POST and GET, or GET with "
        "variables (405), no acceptable media type (406), a body that is too large (413) or of another type than JSON "
        "(415). Addresses end up in logs, so questions with variables go by POST.",
        "Send a POST with `Content-Type: application/json` and an object with `query` and, where needed, `variables`.",
    ),
    "TIMEOUT": (
        "The question takes longer than a statement may.",
        "Ask for fewer rows, filter more, or leave out `totalCount`.",
    ),
    "UNAVAILABLE": ("The database cannot be reached or is overloaded.", "Ask again in a moment."),
    "INTERNAL_ERROR": (
        "The fault is on the server's side. `id` is also in the server's log.",
        "Report the id. Nothing of the request needs to be told with it.",
    ),
}

OAUTH: Words = {
    "invalid_request": (
        "The request is malformed: not a form, a parameter twice, or a client that authenticates in two ways.",
        "Send one form with `grant_type=client_credentials` and authenticate in one way.",
    ),
    "invalid_client": (
        "The client did not prove who it is. `WWW-Authenticate` names the realm.",
        "Check client_id and secret, or the assertion: its `aud` is the issuer, its `exp` near, its `jti` used once.",
    ),
    "unsupported_grant_type": ("Another grant type was asked for.", "Use `client_credentials`, the only one."),
    "invalid_scope": (
        "A scope does not exist, or agreement or client do not give it. The description names it; no scope is dropped "
        "in silence.",
        "Ask for scopes that are given, or leave `scope` out to get all of them.",
    ),
    "unauthorized_client": (
        "The client is known and gets no token as things stand: it is disabled, or its agreement is not in force.",
        "Ask the focal point of the agreement.",
    ),
    "temporarily_unavailable": ("The database does not answer.", "Ask again after the seconds of `Retry-After`."),
    "server_error": ("The fault is on the server's side. `error_id` is also in its log.", "Report the id."),
}

// Starts GraphiQL with a token that the reader pastes. The token and the documents stay in this tab.
"use strict";

const TOKEN = "nser:token";
const FIRST = `# Paste an access token above.
# Ctrl-Enter runs this. The documentation on the left holds
# what the token may see, and nothing else.
{
  viewer {
    client
    agreement
    territory
    cohort
    scopes { name meaning }
  }
}
`;

const field = document.getElementById("token");
const said = document.getElementById("said");
const root = ReactDOM.createRoot(document.getElementById("graphiql"));

/** Return when a token ends, in words; the server decides whether it is good. */
function describe(token) {
  if (!token) return "No token yet.";
  try {
    const claims = JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
    return `${claims.client_id ?? "Token"} until ${new Date(claims.exp * 1000).toLocaleTimeString()}`;
  } catch {
    return "This does not look like an access token.";
  }
}

/** Send one operation with the token; without one, answer what is missing instead of asking the server. */
async function fetcher(operation) {
  const token = sessionStorage.getItem(TOKEN);
  if (!token) return { errors: [{ message: "Paste an access token above first." }] };
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "omit",
    headers: {
      accept: "application/graphql-response+json, application/json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify(operation),
  });
  return response.json();
}

/** Show GraphiQL; a new token means a new schema, so everything begins anew. */
function show() {
  const token = sessionStorage.getItem(TOKEN) ?? "";
  said.textContent = describe(token);
  root.render(
    React.createElement(GraphiQL, {
      key: token,
      fetcher,
      defaultQuery: FIRST,
      defaultEditorToolsVisibility: "variables",
      isHeadersEditorEnabled: false,
      showPersistHeadersSettings: false,
      storage: sessionStorage,
    }),
  );
}

document.getElementById("bar").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN, field.value.trim().replace(/^Bearer\s+/i, ""));
  field.value = "";
  show();
});

show();

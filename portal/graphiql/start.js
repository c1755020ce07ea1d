const { React, ReactDOM, GraphiQL } = globalThis;
const { examples } = await (await fetch('home.json')).json();
const asked = new URLSearchParams(location.search).get('query');
const questions = [...(asked ? [asked] : []), ...examples.map(({ title, titleEn, query }) => `# ${title}\n# ${titleEn}\n${query}`)];
const defaultTabs = questions.map((query) => ({ query }));

// As typed on the first page of this tab.
const [token, purpose] = ['token', 'purpose'].map((name) => sessionStorage.getItem(name) ?? '');
const typedHeaders = JSON.stringify({ Authorization: token ? `Bearer ${token}` : '', 'X-Purpose': purpose }, null, 2);

/** What was typed last time would otherwise hide the question that a link brought along. */
const FORGETFUL = { length: 0, getItem: () => null, setItem() {}, removeItem() {}, clear() {} };
/** Headers are looked at once nobody has typed for so long. */
const TYPED_MS = 400;

const askHub = GraphiQL.createFetcher({ url: 'graphql' });
const askPublic = GraphiQL.createFetcher({ url: 'public/graphql' });

/**
 * Asks the hub; the schema as whoever's token stands among the headers, and of the public door where none does. GraphiQL fetches the schema
 * before its headers can be read, and whenever it is given another fetcher.
 */
function fetcherFor(authorization) {
  return (operation, options) => {
    if (operation.operationName !== 'IntrospectionQuery') return askHub(operation, options);
    return authorization ? askHub(operation, { ...options, headers: { Authorization: authorization } }) : askPublic(operation, options);
  };
}

/** The token among the headers as they are typed; null where they are no JSON yet. */
function authorizationIn(text) {
  try {
    const found = Object.entries(JSON.parse(text || '{}')).find(([name]) => name.toLowerCase() === 'authorization');
    return String(found?.[1] ?? '');
  } catch {
    return null;
  }
}

function Page() {
  const [headers, setHeaders] = React.useState(typedHeaders);
  const [authorization, setAuthorization] = React.useState(authorizationIn(typedHeaders));
  React.useEffect(() => {
    const timer = setTimeout(() => setAuthorization((before) => authorizationIn(headers) ?? before), TYPED_MS);
    return () => clearTimeout(timer);
  }, [headers]);
  const fetcher = React.useMemo(() => fetcherFor(authorization), [authorization]);
  return React.createElement(GraphiQL, {
    fetcher,
    onEditHeaders: setHeaders,
    defaultTabs,
    defaultHeaders: typedHeaders,
    shouldPersistHeaders: false,
    storage: FORGETFUL,
    defaultEditorToolsVisibility: 'headers',
    isHeadersEditorEnabled: true,
    inputValueDeprecation: true,
    schemaDescription: true,
  });
}

/** What each of GraphiQL's editors is, by where it stands: it says so in no way that those hear who type in it. */
const EDITORS = {
  '.graphiql-query-editor': 'Question',
  '.graphiql-editor-tool .graphiql-editor:nth-child(1)': 'Variables',
  '.graphiql-editor-tool .graphiql-editor:nth-child(2)': 'Headers',
  '.result-window': 'Answer',
};
function nameEditors() {
  for (const [place, name] of Object.entries(EDITORS))
    document.querySelector(`${place} textarea:not([aria-label])`)?.setAttribute('aria-label', name);
}
new MutationObserver(nameEditors).observe(document.getElementById('graphiql'), { childList: true, subtree: true });

ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(Page));

const { React, ReactDOM, GraphiQL } = globalThis;
const { examples } = await (await fetch('/home.json')).json();
const asked = new URLSearchParams(location.search).get('query');
const tabs = [...(asked ? [asked] : []), ...examples.map(({ title, titleEn, query }) => `# ${title}\n# ${titleEn}\n${query}`)];

// As typed on the first page of this tab.
const [token, purpose] = ['token', 'purpose'].map((name) => sessionStorage.getItem(name) ?? '');

const askHub = GraphiQL.createFetcher({ url: '/graphql' });
const askPublic = GraphiQL.createFetcher({ url: '/public/graphql' });
// The hub tells its schema to callers with a token. Without one the documentation shows what is open; the whole is fetched
// again (Ctrl-Shift-R) once a token stands among the headers.
const fetcher = (operation, options) =>
  operation.operationName === 'IntrospectionQuery' && !options?.headers?.Authorization
    ? askPublic(operation, options)
    : askHub(operation, options);

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultTabs: tabs.map((query) => ({ query })),
    // What was typed last time would otherwise hide the question that a link brought along.
    shouldPersistHeaders: false,
    storage: { length: 0, getItem: () => null, setItem() {}, removeItem() {}, clear() {} },
    defaultEditorToolsVisibility: 'headers',
    defaultHeaders: JSON.stringify({ Authorization: token ? `Bearer ${token}` : '', 'X-Purpose': purpose }, null, 2),
    isHeadersEditorEnabled: true,
  }),
);

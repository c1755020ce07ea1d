const { React, ReactDOM, GraphiQL } = globalThis;
const { examples } = await (await fetch('/home.json')).json();
const asked = new URLSearchParams(location.search).get('query');
const tabs = [...(asked ? [asked] : []), ...examples.map(({ title, titleEn, query }) => `# ${title}\n# ${titleEn}\n${query}`)];

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultTabs: tabs.map((query) => ({ query })),
    // What was typed last time would otherwise hide the question that a link brought along.
    shouldPersistHeaders: false,
    storage: { length: 0, getItem: () => null, setItem() {}, removeItem() {}, clear() {} },
    defaultEditorToolsVisibility: 'headers',
    defaultHeaders: '{ "X-Purpose": "" }',
    isHeadersEditorEnabled: true,
  }),
);

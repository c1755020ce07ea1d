const stateNames = { STARTING: '启动中 Starting', SEEDING: '灌入数据 Seeding', READY: '就绪 Ready', DOWN: '中断 Down' };
const byId = (id) => document.getElementById(id);

const facts = await (await fetch('home.json')).json();
const states = new Map(facts.libraries.map((library) => [library.name, showLibrary(library)]));
for (const example of facts.examples) showExample(example);
for (const name of ['token', 'purpose']) {
  byId(name).value = sessionStorage.getItem(name) ?? '';
  byId(name).addEventListener('input', ({ target }) => sessionStorage.setItem(name, target.value.trim()));
}
byId('caller').addEventListener('submit', (event) => event.preventDefault());
await watchHealth();

/** A card for one library; returns the element that tells its state. */
function showLibrary({ name, title, department }) {
  const card = element('li', { id: `library-${name}` });
  const state = element('span', { className: 'state', textContent: stateNames.STARTING });
  card.append(element('strong', { textContent: title }), element('small', { textContent: department }), state);
  byId('libraries').append(card);
  return state;
}

function showExample(example) {
  const button = element('button', { type: 'button', ariaPressed: 'false' });
  button.append(element('strong', { textContent: example.title }), element('span', { lang: 'en', textContent: example.titleEn }));
  button.addEventListener('click', () => ask(example, button));
  const entry = element('li');
  entry.append(button);
  byId('examples').append(entry);
}

async function ask({ query }, button) {
  for (const other of document.querySelectorAll('#examples button')) other.ariaPressed = String(other === button);
  byId('query').textContent = query;
  byId('open').href = `graphiql?query=${encodeURIComponent(query)}`;
  byId('took').textContent = '…';
  const started = performance.now();
  const answer = await post(query);
  byId('took').textContent = `${Math.round(performance.now() - started)} ms`;
  byId('result').replaceChildren(...paint(JSON.stringify(answer, null, 2)));
}

async function post(query) {
  try {
    const response = await fetch('graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...callerHeaders() },
      body: JSON.stringify({ query }),
    });
    return await response.json();
  } catch {
    return { errors: [{ message: 'The hub does not answer. Is it still running?' }] };
  }
}

/** Token and purpose stay in this tab, and GraphiQL finds them there. */
function callerHeaders() {
  const [token, purpose] = [byId('token').value.trim(), byId('purpose').value.trim()];
  return { ...(token && { authorization: `Bearer ${token}` }), ...(purpose && { 'x-purpose': purpose }) };
}

/** JSON as coloured pieces; built as text nodes, so nothing in an answer can become markup. */
function paint(json) {
  return json.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?)/).map((piece) => {
    const className = piece.endsWith(':') ? 'key' : piece.startsWith('"') ? 'text' : /^(true|false|null|-?\d)/.test(piece) ? 'plain' : '';
    return className ? element('span', { className, textContent: piece }) : document.createTextNode(piece);
  });
}

/** Asks again every two seconds while the page is looked at. */
async function watchHealth() {
  if (!document.hidden) {
    const health = await fetch('health/ready')
      .then((response) => response.json())
      .catch(() => ({ libraries: [] }));
    for (const [name, shown] of states) {
      const state = health.libraries.find((library) => library.name === name)?.state ?? 'DOWN';
      shown.dataset.state = state;
      shown.textContent = stateNames[state];
    }
  }
  setTimeout(watchHealth, 2000);
}

function element(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

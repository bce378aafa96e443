import { ERRORS } from '../../../contract/errors.ts'
import {
  client_events,
  connection_events,
  operation_events,
  server_events,
} from '../../../contract/events.ts'
import type { Call } from '../../../contract/events.ts'
import { operations } from '../../../contract/index.ts'
import { TIERS } from '../../../contract/limits.ts'
import { methods } from '../../../contract/messages.ts'
import type { Method } from '../../../contract/messages.ts'
import type { Operation } from '../../../contract/operation.ts'
import { AREAS } from './openapi.ts'
import { named } from './schemas.ts'
import { definition, escaped, fields, prose, tree } from './tree.ts'

/** What the page says and where it finds what belongs to it; paths as the browser asks for them. */
export interface PageOptions {
  version: string
  style_path: string
  openapi_path: string
  asyncapi_path: string
}

/** The content security policy that the page is served with: it needs its style sheet and nothing else. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const WHO = { public: 'anybody', user: '', owner: 'owner' }
const PROOF = { none: '', account: 'proof', strict: 'passkey', enrol: 'proof', remove: 'proof' }
const PROOF_FACTS = {
  none: [],
  account: ['Needs a passkey or, until there is one, a password sign-in at most 5 minutes old.'],
  strict: ['Needs a passkey.'],
  enrol: [
    'Needs a passkey or, until there is one, a password sign-in at most 5 minutes old; a sign-in by a backup code will do for 15 minutes.',
  ],
  remove: [
    'Needs a passkey or, for one that is less than a day old, a password sign-in at most 5 minutes old.',
  ],
}

const list = (items: readonly string[]) =>
  items.length === 0
    ? ''
    : `<ul class="facts">${items.map((item) => `<li>${prose(item)}</li>`).join('')}</ul>`

interface Row {
  id: string
  kind: string
  /** HTML. */
  title: string
  needs?: string
  does: string
  /** HTML. */
  more: string
}

// The anchor is inside the part that is closed, because browsers open it only for a target in there.
function row({ id, kind, title, needs = '', does, more }: Row): string {
  const mark = kind === '' ? '' : `<span class="method">${kind}</span>`
  const right = needs === '' ? '' : `<span class="needs">${needs}</span>`
  const below = does === '' ? '' : `<span class="does">${prose(does)}</span>`
  const bare = kind === '' ? ' class="bare"' : ''
  return `<details${bare}><summary>${mark}<span class="path">${title}</span>${right}${below}</summary>
<div class="more" id="${escaped(id)}">${more}</div></details>`
}

function section(id: string, title: string, text: string, rows: readonly string[]): string {
  return `<section id="${id}"><h2>${escaped(title)}</h2><p>${prose(text)}</p>
<div class="list">${rows.join('\n')}</div></section>`
}

function facts(of: Operation): readonly string[] {
  return [
    ...(of.who === 'owner' ? ['For the owner of this server alone.'] : []),
    ...PROOF_FACTS[of.proof],
    ...of.limits.map((limit) => `Counts in \`${limit}\`.`),
    ...(of.unlimited ? ['Never limited and never waiting for a proof.'] : []),
    ...(of.key === undefined ? [] : ['Repeatable: the same `Idempotency-Key` answers the same for 24 h.']),
    ...(of.outcome === 'accepted' ? ['Answers 202 with a receipt while it is not finished.'] : []),
    ...(of.socket === undefined ? [] : [`Also the socket event \`${of.socket.event}\`.`]),
    ...(of.message === undefined ? [] : [`Also the message method \`${of.message}\`.`]),
    ...(of.deprecation === undefined
      ? []
      : [`Ends on ${of.deprecation.sunset}; use \`${of.deprecation.instead}\` instead.`]),
  ]
}

function operationRow(of: Operation): string {
  const input = fields(of.input)
  return row({
    id: of.name,
    kind: of.http.method,
    title: escaped(of.http.path).replaceAll(/:\w+/g, '<em>$&</em>'),
    needs: [WHO[of.who], PROOF[of.proof]].filter((word) => word !== '').join(', '),
    does: of.summary,
    more: `${list(facts(of))}<h3>Input</h3>${input === '' ? '<p>Nothing.</p>' : input}
<h3>Answer, ${of.http.status}</h3>${tree(of.output)}`,
  })
}

function callRow([event, { input }]: readonly [string, Call]): string {
  const args = fields(input)
  return row({
    id: `event-${event}`,
    kind: '',
    title: escaped(event),
    does: '',
    more: args || '<p>Nothing.</p>',
  })
}

function events(): string {
  const told = Object.entries(server_events).map(([event, schema]) =>
    row({ id: `event-${event}`, kind: 'hear', title: escaped(event), does: '', more: tree(schema) }),
  )
  const asked = [...operation_events].map(
    ([event, of]) =>
      `<li><code>${escaped(event)}</code><span>asks <a href="#${of.name}">${of.name}</a></span></li>`,
  )
  const sent = Object.entries<Call>(client_events).map(callRow)
  const connected = Object.entries<Call>(connection_events).map(callRow)
  return [
    section(
      'connection',
      'Connection events',
      'Socket.IO 4, token in `auth.token` of the handshake.',
      connected,
    ),
    section('events', 'Server events', 'One payload; a second argument is its place, for `resume`.', told),
    section('client-events', 'Client events', 'Positional arguments; every event can be acknowledged.', [
      `<ul class="plain">${asked.join('')}</ul>`,
      ...sent,
    ]),
  ].join('\n')
}

function messageRow([name, method]: readonly [string, Method]): string {
  return row({
    id: `method-${name}`,
    kind: '',
    title: escaped(name),
    needs: PROOF[method.operation.proof],
    does: method.summary,
    more: `<h3>Params</h3>${fields(method.params)}<h3>Result</h3>${tree(method.result)}`,
  })
}

function plain(
  id: string,
  title: string,
  text: string,
  rows: readonly (readonly [string, string])[],
): string {
  const items = rows.map(
    ([left, right]) => `<li><code>${escaped(left)}</code><span>${prose(right)}</span></li>`,
  )
  return section(id, title, text, [`<ul class="plain">${items.join('')}</ul>`])
}

function areas(): readonly string[] {
  const all = Object.values<Operation>(operations)
  return Object.entries(AREAS).map(([area, text]) =>
    section(
      area,
      `${area.charAt(0).toUpperCase()}${area.slice(1)}`,
      text,
      all.filter((of) => of.name.startsWith(`${area}.`)).map(operationRow),
    ),
  )
}

function rest(): readonly string[] {
  const errors = Object.entries(ERRORS).map(([name, { code, status }]): [string, string] => [
    code,
    `${name.toLowerCase().replaceAll('_', ' ')}, ${status}`,
  ])
  const tiers = Object.entries(TIERS).map(([tier, limits]): [string, string] => [
    tier,
    Object.entries(limits)
      .map(([kind, calls]) => `${calls.toLocaleString('en-US')} ${kind.replaceAll('_', ' ')}`)
      .join(', '),
  ])
  const types = Object.entries(named).map(([name, schema]) =>
    row({
      id: `type-${name}`,
      kind: '',
      title: name,
      does: '',
      more: definition(schema),
    }),
  )
  return [
    section(
      'methods',
      'Message methods',
      'What a message to `POST /mcp` may ask.',
      Object.entries<Method>(methods).map(messageRow),
    ),
    plain('errors', 'Errors', 'Every refusal has the shape of `APIError` with one of these codes.', errors),
    plain(
      'limits',
      'Limits',
      'Per user in sliding windows, by tier; the `X-RateLimit` headers tell the tightest.',
      tiers,
    ),
    section('types', 'Types', 'Shapes that are used in several places.', types),
  ]
}

const PLACES = ['connection', 'events', 'client-events', 'methods', 'errors', 'limits', 'types']

/** The API page as static HTML: every operation, event and type of the contract. Needs no script. */
export function apiPage(options: PageOptions): string {
  const places = [...Object.keys(AREAS), ...PLACES].map(
    (id) => `<li><a href="#${id}">${escaped(id.replace('-', ' '))}</a></li>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>PAIOS API</title>
<link rel="stylesheet" href="${escaped(options.style_path)}">
</head>
<body>
<nav aria-label="Parts"><a class="skip" href="#main">To the content</a><ul>${places.join('')}</ul></nav>
<main id="main">
<header><h1>PAIOS API</h1>
<p>Version ${escaped(options.version)}. Paths are below <code>/api</code>; a success is <code>{success, data}</code>, a
refusal <a href="#type-APIError">APIError</a>. The same as
<a href="${escaped(options.openapi_path)}">OpenAPI</a> and <a href="${escaped(options.asyncapi_path)}">AsyncAPI</a>.</p>
</header>
${[...areas(), events(), ...rest()].join('\n')}
</main>
</body>
</html>
`
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExternalIntegration, HttpAction } from '../../../contract/integrations.ts'
import { findPhraseProblem } from '../language/template.ts'
import { findIntegrationIssues } from './check.ts'
import { firstWordsOf } from './phrases.ts'
import { declared, http, text } from './rig.ts'

const orders = firstWordsOf(['[please|now] (add|put on) {x}', 'the {q}', 'list {y}', '{z} later'])
const issuesOf = (...list: ExternalIntegration[]) =>
  findIntegrationIssues(list, { findPhraseProblem, orders }).map(({ path, message }) => `${path} ${message}`)
const ORIGIN = 'https://api.example.com'
/** The first thing that is wrong with an integration of one action. */
const ofAction = (action: HttpAction) =>
  issuesOf(http(ORIGIN, { actions: [action] }))[0]?.replace('/0/actions/0', '')

test('an address is one of the web, holds no secret, and is where a path can be added', () => {
  for (const [base_url, wrong] of [
    ['https://api.example.com', undefined],
    ['http://10.0.0.5:8080/v1/', undefined],
    ['https://[::1]/', undefined],
    ['file:///etc/passwd', 'must be an address'],
    ['gopher://x/', 'must begin with http'],
    ['ftp://x.example/', 'must begin with http'],
    ['data:text/plain,x', 'must be an address'],
    ['unix:/run/x.sock', 'must be an address'],
    ['javascript:alert(1)', 'must be an address'],
    ['api.example.com', 'must be an address'],
    ['https://ann:pw@api.example.com', 'must not hold a name'],
    ['https://api.example.com/?key=1', 'must not have a query'],
    ['https://api.example.com/?', 'must not have a query'],
    ['https://api.example.com/#', 'must not have a fragment'],
  ] as const) {
    const [issue] = issuesOf(http(base_url))
    assert.equal(issue?.startsWith(`/0/base_url ${wrong}`), wrong === undefined ? undefined : true, base_url)
  }
})

const hosts = (...allowed_hosts: string[]) => issuesOf(http(ORIGIN, { allowed_hosts }))

test('hosts are named as hosts, and that of the address is among them', () => {
  assert.deepEqual(hosts('API.example.com', 'codeload.example.com'), [])
  assert.deepEqual(hosts('*.example.com'), [])
  assert.deepEqual(hosts('example.com'), ['/0/allowed_hosts must have the host of base_url, api.example.com'])
  for (const host of ['https://api.example.com', 'api.example.com:443', '*', 'a b', '*.'])
    assert.match(hosts(host)[0] ?? '', /^\/0\/allowed_hosts\/0 must be a host/, host)
})

test('each type has its own fields, and ids are told apart', () => {
  const hook = { ...http(ORIGIN), id: 'h', type: 'webhook' } as const
  assert.deepEqual(issuesOf(http(ORIGIN), { ...hook, credential_id: 'c' }), [])
  assert.deepEqual(issuesOf(http(ORIGIN), http(ORIGIN)), ['/1/id is the id of another integration'])
  assert.deepEqual(issuesOf(hook), ['/0/credential_id is required'])
  assert.deepEqual(issuesOf({ ...hook, credential_id: 'c', actions: [] }), [
    '/0/actions is not a known field',
  ])
  assert.deepEqual(issuesOf({ ...http(ORIGIN), command: ['sh'] }), ['/0/command is not a known field'])
  const mcp: ExternalIntegration = {
    id: 'm',
    name: 'M',
    type: 'mcp',
    allowed_hosts: [],
    enabled: true,
    base_url: 'not an address',
  }
  assert.deepEqual(issuesOf(mcp), [])
  assert.deepEqual(issuesOf({ ...mcp, document_id: 'd' }), ['/0/document_id is not a known field'])
})

test('no service is called like an order, so that none is taken for one', () => {
  assert.deepEqual([...orders], ['please', 'now', 'add', 'put', 'list'])
  for (const name of ['Add', 'list of things', 'PUT it', 'now!'])
    assert.match(
      issuesOf(http(ORIGIN, { name }))[0] ?? '',
      /^\/0\/name must not begin with "\w+", as orders do$/,
      name,
    )
  for (const name of ['Adder', 'My list', 'Later'])
    assert.deepEqual(issuesOf(http(ORIGIN, { name })), [], name)
})

test('a place for a secret needs a secret, and is none that the request itself has', () => {
  const auth = (name: string) => issuesOf(http(ORIGIN, { credential_id: 'c', auth: { in: 'header', name } }))
  assert.deepEqual(auth('X-Key'), [])
  for (const name of ['Host', 'cookie', 'Content-Length', 'idempotency-key', 'a b', 'x\r\ny'])
    assert.deepEqual(auth(name), ['/0/auth/name is no header that may carry a secret'], name)
  assert.deepEqual(issuesOf(http(ORIGIN, { auth: { in: 'query', name: 'k' } })), [
    '/0/auth says where a credential goes, and there is no credential_id',
  ])
})

const path = (given: string, properties: Record<string, object> = {}, required?: string[]) =>
  ofAction(declared({ name: 'a', method: 'GET', path: given }, properties, required))

test('a path stays below the address, and has a parameter that is needed for each of its pieces', () => {
  assert.equal(path('/a/{id}', { id: text }), undefined)
  for (const given of ['a', '/a?b=1', '/a#b', '/a/../b', '/%2E%2e/b', '/./', '/a\\b', '/a b'])
    assert.match(path(given) ?? '', /^\/path must be a path/, given)
  assert.equal(path('/a/{id}'), '/path has {id}, which is no parameter')
  assert.equal(path('/a/{id}', { id: text }, []), '/parameters/required must have id, which is in the path')
})

const placed = (place: object, method: HttpAction['method'] = 'POST', more: object = {}) =>
  ofAction(
    declared(
      { name: 'a', method, path: '/a', places: { x: place, ...more } as HttpAction['places'] & object },
      { x: text, y: text },
    ),
  )

test('a parameter has a place that there is, and no header carries a secret', () => {
  assert.equal(placed({ in: 'header', name: 'X-Trace' }), undefined)
  for (const [given, wrong] of [
    [{ in: 'path' }, '/places/x is not in the path as {x}'],
    [{ in: 'header', name: 'Host' }, '/places/x is no header that may be chosen'],
    [
      { in: 'header', name: 'X-Api-Key' },
      '/places/x is a header for a secret: that goes along by its credential_id',
    ],
    [
      { in: 'header', name: 'Authorization' },
      '/places/x is a header for a secret: that goes along by its credential_id',
    ],
    [{ in: 'whole' }, '/places/x must be the body alone'],
    [{ in: 'cookie' }, '/places/x/in must be one of path, query, header, body, whole'],
  ] as const)
    assert.equal(placed(given), wrong, JSON.stringify(given))
  assert.equal(placed({ in: 'body' }, 'GET'), '/places/x cannot be in the body: GET has none')
  assert.equal(placed({ in: 'query' }, 'POST', { z: { in: 'query' } }), '/places/z is no parameter')
})

test('what is taken is described without references and patterns, and a phrase has the name of its service in it', () => {
  const action = declared({ name: 'a', method: 'GET', path: '/a' })
  const parameters = (schema: object) =>
    ofAction({ ...action, parameters: schema as HttpAction['parameters'] & object })
  assert.equal(parameters({ type: 'array' }), '/parameters/type must be "object"')
  assert.match(
    parameters({ type: 'object', properties: { x: { $ref: '#/x' } } }) ?? '',
    /\/x\/\$ref is not a keyword/,
  )
  assert.match(
    parameters({ type: 'object', properties: { x: { pattern: '(a+)+' } } }) ?? '',
    /\/pattern is not a keyword/,
  )
  const phrase = (given: string) => ofAction({ ...action, phrases: [given] })
  assert.equal(phrase('order {x} from the shop'), undefined)
  for (const given of [
    'order {x}',
    'order {x} [from the shop]',
    '(shop|order) {x}',
    'shopping {x}',
    'get {shop} now',
  ])
    assert.equal(phrase(given), '/phrases/0 must have the name of the service, Shop', given)
  assert.match(phrase('{x}') ?? '', /^\/phrases\/0 is no phrase: /)
  assert.equal(
    ofAction({ ...action, name: 'Add' }),
    '/name must have small letters, digits and _, and begin with a letter',
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { compile } from './compile.ts'
import type { CompileTask, CompiledDocument } from './compile.ts'
import type { Remark } from '../../../../contract/integrations.ts'

type Json = Record<string, unknown>
const text = { type: 'string' }
const query = (name: string, schema: object = text, more: object = {}) => ({
  name,
  in: 'query',
  schema,
  ...more,
})

/** A document with one operation at `/a`, or with these paths. */
const paths = (given: Json, more: Json = {}): Json => ({
  openapi: '3.0.3',
  info: { title: 'Shop', version: 1 },
  servers: [{ url: 'https://{host}/v1', variables: { host: { default: 'api.example.com' } } }],
  paths: given,
  ...more,
})
const one = (operation: Json, more?: Json) =>
  paths({ '/a': { get: { operationId: 'look', ...operation } } }, more)
const posting = (operation: Json, more?: Json) =>
  paths({ '/a': { post: { operationId: 'send', ...operation } } }, more)

const run = (document: unknown, more: Partial<CompileTask> = {}) =>
  compile({
    text: typeof document === 'string' ? document : JSON.stringify(document),
    only: undefined,
    id: undefined,
    taken: [],
    others: {},
    ...more,
  })
async function made(document: unknown, more?: Partial<CompileTask>): Promise<CompiledDocument> {
  const compiled = await run(document, more)
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems))
  return compiled
}
const said = (remarks: readonly Remark[]) => remarks.map(({ path, message }) => `${path} ${message}`)
async function problems(document: unknown, more?: Partial<CompileTask>): Promise<string[]> {
  const compiled = await run(document, more)
  return 'problems' in compiled ? said(compiled.problems) : []
}

test('JSON and YAML are read alike, with what the service is called and where it is', async () => {
  const document = one({ summary: 'Looks\n around.' })
  const compiled = await made(document)
  const { actions, ...rest } = compiled
  assert.deepEqual(await made(stringify(document)), compiled)
  assert.deepEqual(await made(`\uFEFF${JSON.stringify(document)}`), compiled)
  assert.deepEqual(rest, {
    id: 'shop',
    title: 'Shop',
    version: '1',
    operations: 1,
    warnings: [],
    auth: undefined,
    servers: ['https://api.example.com/v1'],
  })
  const parameters = { type: 'object', properties: {}, additionalProperties: false }
  assert.deepEqual(actions, [
    { name: 'look', summary: 'Looks around.', method: 'GET', path: '/a', parameters, places: {} },
  ])
})

test('what is no document of OpenAPI 3 is refused with where and why, all at once', async () => {
  for (const [document, wrong] of [
    ['{"openapi": ', /^ is no JSON: /],
    ['a: [1', /^ is no YAML: /],
    ['a: 1\na: 2', /^ is no YAML: /],
    ['just words', /^ must be an object/],
    ['[]', /^ must be an object/],
    [{ swagger: '2.0', paths: {} }, /^\/swagger is of version 2/],
    [{ openapi: '4.0.0', paths: {} }, /^\/openapi must be 3\.0 or 3\.1$/],
    [{ openapi: '3.1.0' }, /^\/paths must be an object/],
    [paths({}), /^\/paths has no operation/],
  ] as const)
    assert.match((await problems(document))[0] ?? '', wrong, JSON.stringify(document))
  const broken = paths({
    a: {},
    '/b/{id}': { get: { operationId: 'b' } },
    '/c': {
      get: { operationId: 'b', parameters: [{ in: 'query' }, { $ref: '#/components/parameters/none' }] },
    },
  })
  assert.deepEqual(await problems(broken), [
    '/paths/a must begin with a slash',
    '/paths/~1c/get has the operationId "b", as /paths/~1b~1{id}/get does',
    '/paths/~1b~1{id}/get must have a parameter "id" in path, as its path has',
    '/paths/~1c/get/parameters/0 must have a name, and be in path, query, header or cookie',
    '/paths/~1c/get/parameters/1 refers to "#/components/parameters/none", which leads nowhere',
  ])
})

test('aliases of YAML that unfold to very much are refused, and circles in it do not go on for ever', async () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(9)}]`),
  ]
  assert.match((await problems(bomb.join('\n')))[0] ?? '', /^ is no YAML: /)
  const circle =
    'openapi: 3.0.0\ninfo: &i {title: x, version: "1", self: *i}\npaths: {/a: {get: {operationId: a}}}'
  assert.ok((await run(circle)) !== undefined)
})

test('references within the document are followed, circles end, and those elsewhere are never fetched', async () => {
  const components = {
    schemas: {
      Node: { type: 'object', properties: { name: text, next: { $ref: '#/components/schemas/Node' } } },
      'a/b~c': { type: 'integer' },
    },
    parameters: {
      Page: query('page', { $ref: '#/components/schemas/a~1b~0c' }),
      Loop: { $ref: '#/components/parameters/Loop' },
    },
  }
  const parameters = [
    { $ref: '#/components/parameters/Page' },
    query('node', { $ref: '#/components/schemas/Node' }),
    query('far', { $ref: 'https://evil.example/schema.json' }),
  ]
  const { actions, warnings } = await made(one({ parameters }, { components }))
  assert.deepEqual(actions[0]?.parameters?.['properties'], {
    page: { type: 'integer' },
    node: { type: 'object', properties: { name: text, next: {} } },
    far: {},
  })
  assert.match(
    said(warnings)[0] ?? '',
    /refers to "https:\/\/evil\.example\/schema\.json", which is not fetched/,
  )
  const nowhere = [
    query('x', { $ref: '#/components/schemas/None' }),
    { $ref: '#/components/parameters/Loop' },
  ]
  assert.deepEqual(await problems(one({ parameters: nowhere }, { components })), [
    '/paths/~1a/get/parameters/1 refers to "#/components/parameters/Loop", which leads nowhere',
    '/paths/~1a/get/parameters/0/schema refers to "#/components/schemas/None", which leads nowhere',
  ])
})

test('a schema that would unfold to very much is written only as deep as fits, quickly', async () => {
  const schemas: Json = { S12: text }
  for (let depth = 0; depth < 12; depth += 1) {
    const next = { $ref: `#/components/schemas/S${depth + 1}` }
    schemas[`S${depth}`] = {
      type: 'object',
      properties: Object.fromEntries('abcdefgh'.split('').map((name) => [name, next])),
    }
  }
  const { actions, warnings } = await made(
    one({ parameters: [query('x', { $ref: '#/components/schemas/S0' })] }, { components: { schemas } }),
  )
  assert.ok(JSON.stringify(actions).length < 16_384)
  assert.match(said(warnings)[0] ?? '', /its parameters are too many or too deep/)
})

test('keywords are those of today: what may be nothing, bounds that do not count, and no patterns', async () => {
  const schema = {
    type: 'integer',
    nullable: true,
    minimum: 1,
    exclusiveMinimum: true,
    maximum: 9,
    exclusiveMaximum: false,
    enum: [2, 3],
    pattern: '(a+)+$',
    format: 'int32',
    'x-more': 1,
    title: 'T',
  }
  const { actions } = await made(one({ parameters: [query('x', schema)] }))
  assert.deepEqual(actions[0]?.parameters?.['properties'], {
    x: { type: ['integer', 'null'], enum: [2, 3, null], exclusiveMinimum: 1, maximum: 9 },
  })
})

const body = (given: object, type = 'application/json') => ({
  requestBody: { content: { [type]: { schema: given } } },
})

test('the fields of a body are parameters of their own, also of one that is made of others, unless a name is taken', async () => {
  const base = {
    type: 'object',
    properties: { id: { ...text, readOnly: true }, title: text },
    required: ['id', 'title'],
  }
  const schema = {
    allOf: [base, { properties: { count: { type: 'integer' } }, anyOf: [{ required: ['count'] }] }],
  }
  const [flat] = (await made(posting(body(schema)))).actions
  assert.deepEqual(
    [Object.keys(flat?.places ?? {}), flat?.parameters?.['required'], flat?.body],
    [['title', 'count'], ['title'], undefined],
  )
  const [form] = (await made(posting(body(base, 'application/x-www-form-urlencoded')))).actions
  assert.deepEqual([form?.body, form?.places], ['form', { title: { in: 'body' } }])
  const [whole] = (await made(posting({ ...body(base), parameters: [query('title')] }))).actions
  assert.deepEqual(whole?.places, { title: { in: 'query' }, body: { in: 'whole' } })
  for (const open of [
    { type: 'array', items: text },
    { type: 'object', additionalProperties: text },
    { oneOf: [base, text] },
  ])
    assert.deepEqual(
      (await made(posting(body(open)))).actions[0]?.places,
      { body: { in: 'whole' } },
      JSON.stringify(open),
    )
})

test('what has no way into a request is left out with a warning, and takes its operation along when it is needed', async () => {
  const parameters = [
    { name: 'sid', in: 'cookie', schema: text },
    { name: 'X-Api-Token', in: 'header', schema: text },
    { name: 'Accept', in: 'header', required: true, schema: text },
    query('deep', { type: 'object' }, { style: 'deepObject' }),
    query('list', { type: 'array', items: text }, { explode: false }),
  ]
  const upload = { requestBody: { content: { 'multipart/form-data': { schema: {} } } } }
  const { actions, warnings } = await made(posting({ parameters, ...upload }))
  assert.deepEqual(actions[0]?.places, { list: { in: 'query', explode: false } })
  assert.deepEqual(
    warnings.map(({ message }) => message),
    [
      'is left out: the parameter "sid" is a cookie',
      'is left out: the parameter "X-Api-Token" is a header that is set otherwise, or for a secret',
      'is left out: the parameter "deep" is written in the style "deepObject"',
      'is left out: the body is of the type "multipart/form-data"',
    ],
  )
  const needed = {
    '/b': { post: { operationId: 'up', requestBody: { ...upload.requestBody, required: true } } },
  }
  const both = await made(paths({ ...needed, '/a': { get: { operationId: 'look' } } }))
  assert.deepEqual(
    [both.operations, both.actions.map(({ name }) => name), both.warnings[0]?.message],
    [2, ['look'], 'up is left out: its body is of the type "multipart/form-data"'],
  )
})

const get = (operationId?: string) => ({ get: operationId === undefined ? {} : { operationId } })

test('names are words, told apart from each other and from those that the agent has', async () => {
  const given = {
    '/1': get('listPets'),
    '/2': get('list-pets'),
    '/3/x': get(),
    '/4': get('Größe ändern'),
    '/5': get('9 lives'),
  }
  const names = async (more?: Partial<CompileTask>) =>
    (await made(paths(given), more)).actions.map(({ name }) => name)
  assert.deepEqual(await names(), ['list_pets', 'list_pets_2', 'get_3_x', 'gro_e_a_ndern', 'action_9_lives'])
  assert.deepEqual((await names({ taken: ['list_pets'], id: 'my shop' })).slice(0, 2), [
    'my_shop_list_pets',
    'my_shop_list_pets_2',
  ])
  const others = { shop: ['list_pets'], other: ['get_3_x'] }
  assert.deepEqual((await names({ others })).slice(0, 3), ['list_pets', 'list_pets_2', 'shop_get_3_x'])
  const long = await made(paths({ '/1': get('a'.repeat(200)), '/2': get(`${'a'.repeat(200)}b`) }))
  assert.deepEqual(
    long.actions.map(({ name }) => name.length),
    [80, 80],
  )
})

test('only what is chosen is taken, by tag or by id, and a word that is neither is told', async () => {
  const given = {
    '/a': { get: { operationId: 'a', tags: ['x'] }, delete: { operationId: 'd' } },
    '/b': { get: { operationId: 'b', tags: ['x', 'y'] } },
  }
  const names = async (...only: string[]) =>
    (await made(paths(given), { only })).actions.map(({ name }) => name)
  assert.deepEqual(await names('x'), ['a', 'b'])
  assert.deepEqual(await names('d', 'y'), ['d', 'b'])
  assert.deepEqual(await problems(paths(given), { only: ['x', 'z'] }), [
    '/only/1 "z" is neither a tag nor an operation id of the document',
  ])
})

test('more operations than may be are refused, unless some of them are chosen', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 2_001 }, (_, n) => [`/p${n}`, { get: { operationId: `o${n}` } }]),
  )
  assert.match((await problems(paths(many)))[0] ?? '', /^\/paths has 2001 operations, and 2000 is the most/)
  assert.equal((await made(paths(many), { only: ['o2000'] })).actions.length, 1)
})

const key = (where: string, name = 'X-Key') => ({ type: 'apiKey', in: where, name })

const auth = async (securitySchemes: Json, security?: object[]) =>
  (await made(one({}, { components: { securitySchemes }, security }))).auth

test('where a secret goes is what the document asks for first, of what there is here', async () => {
  assert.deepEqual(await auth({ k: key('header') }), { in: 'header', name: 'x-key' })
  assert.deepEqual(await auth({ k: key('query', 'apiKey') }), { in: 'query', name: 'apiKey' })
  assert.deepEqual(await auth({ c: key('cookie'), h: key('header', 'Host'), o: { type: 'oauth2' } }), {
    in: 'header',
    name: 'authorization',
  })
  assert.deepEqual(await auth({ k: key('query'), b: { type: 'http', scheme: 'Bearer' } }, [{ b: [] }]), {
    in: 'header',
    name: 'authorization',
  })
  assert.equal(await auth({ d: { type: 'http', scheme: 'digest' } }), undefined)
  assert.equal(await auth({}), undefined)
})

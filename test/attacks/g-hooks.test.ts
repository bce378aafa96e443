import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import type { Workflow } from '../../contract/workflows.ts'
import { call, hooked, hub, runs, seen, standard } from './hooks.ts'
import { dataOf, faultOf, none, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Asked, Fields } from './rig.ts'

const target = await openTarget()
after(() => target.remove())
const { ann, bob } = target
const JSON_TYPE = { 'content-type': 'application/json' }
const now = () => target.clock.now()
const as = (type: string, body: string | Buffer, more = {}): Asked => ({
  body,
  headers: { 'content-type': type, ...more },
})
const whole = (size: number) => `"${'x'.repeat(size - 2)}"`

test('G-016: a signed webhook starts nothing without the right signature, and one run for each delivery', async () => {
  const hook = await hooked(target, { signed: true })
  const { webhook_secret: secret = '', webhook_path } = hook
  const other = (await hooked(target, { signed: true })).webhook_secret ?? ''
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  assert.notEqual(secret, other)
  const body = '{"n":1}'
  const send = (headers: Record<string, string>, sent = body) =>
    call(target, { webhook_path }, { body: sent, headers: { ...JSON_TYPE, ...headers } })
  const forged: readonly (readonly [string, Record<string, string>, string?])[] = [
    ['no signature', {}],
    ['an id alone', { 'webhook-id': 'd-1' }],
    ['a token of the owner', { authorization: `Bearer ${ann.token}` }],
    ['the secret itself', { 'webhook-signature': secret, 'x-hub-signature-256': secret }],
    ["another webhook's secret", standard(other, 'd-1', body, now())],
    ["another webhook's secret, as GitHub", hub(other, body)],
    ['another body', standard(secret, 'd-1', body, now()), '{"n":2}'],
    ['another body, as GitHub', hub(secret, body), '{"n":2}'],
    ['another id', { ...standard(secret, 'd-1', body, now()), 'webhook-id': 'd-2' }],
    ['an old time', standard(secret, 'd-1', body, now() - 301_000)],
    ['a time to come', standard(secret, 'd-1', body, now() + 301_000)],
  ]
  for (const [what, headers, sent] of forged)
    assert.match(outcomeOf(await send(headers, sent)), /^401 AUTH_001 (?:signature|timestamp)_/, what)
  assert.deepEqual(await runs(target, hook), [])
  const first = await send(standard(secret, 'd-1', body, now()))
  assert.equal(first.status, 202)
  const { execution_id } = dataOf(first)
  for (const headers of [
    standard(secret, 'd-1', body, now()),
    standard(secret, 'd-1', body, now() + 9_000),
  ]) {
    const again = await send(headers)
    assert.equal(outcomeOf(again), '409 GENERAL_001')
    assert.deepEqual(faultOf(again.body).details, { execution_id })
  }
  assert.equal((await send({ ...hub(secret, body), 'x-github-delivery': 'g-1' })).status, 202)
  assert.equal((await send({ ...hub(secret, body), 'x-github-delivery': 'g-1' })).status, 409)
  assert.equal((await runs(target, hook)).length, 2)
})

test('G-016: what is not signed as it must be is not read: a malformed body tells nothing', async () => {
  const hook = await hooked(target, { signed: true })
  const send = (body: string, headers = {}) =>
    call(target, hook, { body, headers: { ...JSON_TYPE, ...headers } })
  const malformed = '[[],'.repeat(1_000)
  assert.equal(outcomeOf(await send(malformed)), '401 AUTH_001 signature_missing')
  const wrong = hub('whsec_AAAA', malformed)
  assert.equal(outcomeOf(await send(malformed, wrong)), '401 AUTH_001 signature_wrong')
  const right = hub(hook.webhook_secret ?? '', malformed)
  assert.equal(outcomeOf(await send(malformed, right)), '400 GENERAL_001')
})

test('G-016: what is too large, of another type or malformed starts nothing', async () => {
  const hook = await hooked(target)
  const form = 'application/x-www-form-urlencoded'
  const cases: readonly (readonly [string, number, Asked])[] = [
    ['a byte too many', 413, as('application/json', whole(1_048_577))],
    ['too many in pieces', 413, as('application/json', whole(1_048_577), { 'content-length': undefined })],
    ['no type', 415, { body: '{}' }],
    ['XML', 415, as('application/xml', '<a/>')],
    ['a file', 415, as('multipart/form-data; boundary=x', '--x--')],
    ['another charset', 415, as('text/plain; charset=latin1', 'x')],
    ['compressed', 415, as('application/json', '{}', { 'content-encoding': 'gzip' })],
    ['two types', 415, { body: '{}', headers: { 'content-type': ['application/json', 'text/plain'] } }],
    ['half a document', 400, as('application/json', '{"a":')],
    ['a key twice', 400, as('application/json', '{"a":1,"a":2}')],
    ['a key of the language', 400, as('application/json', '{"__proto__":{}}')],
    ['33 levels', 400, as('application/json', '['.repeat(33) + ']'.repeat(33))],
    ['no UTF-8 in a text', 400, as('text/plain', Buffer.from([0xff]))],
    ['no UTF-8 in a form', 400, as(form, 'a=%ff')],
    ['half a percent', 400, as(form, 'a=%4')],
    ['a field of the language', 400, as(form, 'a=1&__pro%74o__=2')],
    ['1001 fields', 400, as(form, 'a&'.repeat(1_000))],
  ]
  const wrong: string[] = []
  for (const [what, status, asked] of cases) {
    const answered = await call(target, hook, asked)
    if (outcomeOf(answered) !== `${status} GENERAL_001`) wrong.push(`${what}: ${answered.text}`)
  }
  none(wrong)
  for (const query of ['a=%ff', '__proto__=1', 'token=x'])
    assert.match(outcomeOf(await target.http(`POST ${hook.webhook_path}?${query}`)), /^40[01] /, query)
  assert.deepEqual(await runs(target, hook), [])
  for (const asked of [as('application/json', whole(1_048_576)), as(form, `${'a&'.repeat(999)}b`)])
    assert.equal((await call(target, hook, asked)).status, 202)
})

test('G-016: another method than its own starts nothing, and is told which one there is', async () => {
  for (const own of ['GET', 'POST', 'PUT']) {
    const hook = await hooked(target, own === 'POST' ? {} : { method: own })
    for (const method of ['GET', 'HEAD', 'POST', 'PUT'].filter((one) => one !== own)) {
      const { status, headers } = await call(target, hook, {}, method)
      assert.deepEqual([status, headers['allow']], [405, own], `${method} of ${own}`)
    }
    for (const method of ['DELETE', 'PATCH']) assert.equal((await call(target, hook, {}, method)).status, 405)
    assert.equal((await call(target, hook, {}, 'OPTIONS')).status, 204)
    assert.deepEqual(await runs(target, hook), [])
    assert.equal((await call(target, hook, {}, own)).status, 202)
  }
  const fetched = await hooked(target, { method: 'GET' })
  assert.equal(outcomeOf(await call(target, fetched, { body: {} }, 'GET')), '400 GENERAL_001')
})

test('a workflow sees what was sent as it was meant, and has the body as its input', async () => {
  const hook = await hooked(target)
  const form = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' }
  const cases: readonly (readonly [Asked, unknown])[] = [
    [{}, null],
    [{ body: '', headers: JSON_TYPE }, null],
    [{ body: { a: [1, { b: null }] } }, { a: [1, { b: null }] }],
    [{ body: '[1,"é"]', headers: JSON_TYPE }, [1, 'é']],
    [{ body: 'false', headers: { 'content-type': 'Application/JSON;charset="utf-8"' } }, false],
    [
      { body: '{"token":"t","wait":1,"id":"x"}', headers: JSON_TYPE },
      { token: 't', wait: 1, id: 'x' },
    ],
    [{ body: ' line\r\n🦊 ', headers: { 'content-type': 'text/plain' } }, ' line\r\n🦊 '],
    [
      { body: 'a=1&b=x+y%26&a=2&c&=e&', headers: form },
      { a: ['1', '2'], b: 'x y&', c: '', '': 'e' },
    ],
    [{ body: 'constructor=2', headers: form }, { constructor: '2' }],
  ]
  for (const [asked, body] of cases) {
    const { trigger, input } = await seen(target, hook, asked)
    // Shown without what stands under the name of a secret; expressions see it as it came.
    const shown = JSON.stringify(body).replace('"t"', '"[redacted]"')
    assert.deepEqual([JSON.stringify(trigger['body']), JSON.stringify(input)], [shown, shown])
    assert.deepEqual([trigger['type'], trigger['source'], trigger['method']], ['webhook', 'webhook', 'POST'])
  }
  const fetched = await hooked(target, { method: 'GET' })
  const query = '?a=1&a=2&b=&wait=9&c=%C3%A9+%2B'
  const { trigger } = await seen(target, fetched, {}, 'GET', query)
  assert.deepEqual([trigger['query'], trigger['body']], [{ a: ['1', '2'], b: '', c: 'é +' }, null])
})

test('of the headers a workflow sees so many, so long ones, and none that opens something', async () => {
  const hook = await hooked(target)
  const opening = Object.fromEntries(
    [
      'Authorization',
      'Proxy-Authorization',
      'Cookie',
      'X-Hub-Signature-256',
      'Stripe-Signature',
      'X-Gitlab-Token',
      'X-Api-Key',
      'X-Shopify-Hmac-Sha256',
      'X-Biometric-Proof',
      'X-Access-Key',
      'Ocp-Apim-Subscription-Key',
      'X_Api_Key',
      'X-Session-Id',
      'X-CSRF-Token',
      'X-XSRF',
      'X-Auth-User',
      'X-JWT-Assertion',
      'X-OTP',
      'X-Telegram-Bot-Api-Secret-Token',
      'X-Password',
      'X-Credential-Id',
    ].map((name) => [name, 'Basic open-sesame']),
  )
  const headers = {
    ...opening,
    'X-GitHub-Event': 'push',
    'X-Author': 'ann',
    'X-Keyboard': 'de',
    'X-Long': 'x'.repeat(1_019),
    'X-Fit': 'f'.repeat(1_019),
  }
  const { trigger } = await seen(target, hook, { headers })
  const got = trigger['headers'] as Record<string, string>
  assert.deepEqual([got['x-github-event'], got['x-fit']], ['push', 'f'.repeat(1_019)])
  assert.deepEqual([got['x-author'], got['x-keyboard'], got['x-long']], ['ann', 'de', undefined])
  // What is shown is masked as well, so that it is looked for by its name.
  for (const name of Object.keys(opening)) assert.equal(Object.hasOwn(got, name.toLowerCase()), false, name)
  const [run] = await runs(target, hook)
  assert.equal(JSON.stringify(run).includes('open-sesame'), false)
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'y']))
  const few = (await seen(target, hook, { headers: many })).trigger['headers'] as object
  assert.equal(Object.keys(few).length, 64)
  const huge = await call(target, hook, { headers: { 'x-huge': 'x'.repeat(20_000) } })
  assert.equal(huge.status, 431)
  assert.equal((await runs(target, hook)).length, 2)
})

test('a delivery is known by its id for its webhook alone; without one each call is its own', async () => {
  const [hook, other] = [await hooked(target), await hooked(target)]
  const send = (headers: Fields, to = hook) =>
    call(target, to, { headers: headers as Record<string, string> })
  for (const name of ['webhook-id', 'X-GitHub-Delivery', 'Idempotency-Key']) {
    assert.equal((await send({ [name]: `id-of-${name}` })).status, 202)
    assert.equal((await send({ [name]: `id-of-${name}` })).status, 409, name)
  }
  // Whatever says it: it is the same delivery.
  assert.equal((await send({ 'webhook-id': 'one', 'idempotency-key': 'two' })).status, 202)
  assert.equal((await send({ 'idempotency-key': 'one' })).status, 409)
  assert.equal((await send({ 'idempotency-key': 'two' })).status, 202)
  assert.equal((await send({ 'webhook-id': 'one' }, other)).status, 202)
  for (const id of ['', 'a b', 'é', 'x'.repeat(129)])
    assert.equal(outcomeOf(await send({ 'webhook-id': id })), '400 GENERAL_001', id)
  assert.equal(outcomeOf(await send({ 'webhook-id': ['a', 'b'] })), '400 GENERAL_001')
  const before = (await runs(target, hook)).length
  assert.deepEqual([(await send({})).status, (await send({})).status], [202, 202])
  assert.equal((await runs(target, hook)).length, before + 2)
  const once = await Promise.all(Array.from({ length: 20 }, () => send({ 'webhook-id': 'all-at-once' })))
  assert.deepEqual(once.filter(({ status }) => status === 202).length, 1)
  assert.deepEqual(once.filter(({ status }) => status === 409).length, 19)
})

/** What a refusal says but for what is new in each. */
function spoken({ status, body, headers }: Answered): unknown {
  const { timestamp: _, request_id: __, ...error } = faultOf(body) as Fields
  return [status, error, headers['content-type']]
}

test('a webhook that is switched off, deleted or never was is the same to whoever calls it, and comes back as it was', async () => {
  const hook = await hooked(target)
  const { token } = ann
  const unknown = await call(target, { webhook_path: `/api/hooks/${'A'.repeat(43)}` })
  assert.deepEqual(spoken(unknown), [
    404,
    { code: 'WORKFLOW_001', message: 'There is no such webhook.' },
    'application/json; charset=utf-8',
  ])
  const gone = async (what: string) => {
    for (const asked of [{ body: {} }, { body: 'x', headers: JSON_TYPE }, { body: Buffer.alloc(2_000_000) }])
      assert.deepEqual(spoken(await call(target, hook, asked)), spoken(unknown), what)
    for (const method of ['GET', 'PUT'])
      assert.deepEqual(spoken(await call(target, hook, {}, method)), spoken(unknown), `${what} ${method}`)
  }
  const update = (change: Fields) =>
    target.perform(operations['workflows.update'], { id: hook.id, ...change }, { token })
  await update({ is_active: false })
  await gone('switched off')
  await update({ is_active: true })
  assert.equal((await call(target, hook, { headers: { 'webhook-id': 'd' } })).status, 202)
  await target.perform(operations['workflows.delete'], { id: hook.id }, { token })
  await gone('deleted')
  await target.app.kernel.store.write((tx) => target.app.changes.rollBack(tx, ann.user_id, {}, ann.user_id))
  const { webhook_path } = dataOf<Workflow>(await target.http(`GET /api/workflows/${hook.id}`, { token }))
  assert.equal(webhook_path, hook.webhook_path)
  assert.equal((await call(target, hook, { headers: { 'webhook-id': 'd' } })).status, 409)
  assert.equal((await call(target, hook, { headers: { 'webhook-id': 'e' } })).status, 202)
  await update({ definition: { ...hook.definition, trigger: { type: 'manual', conditions: {} } } })
  await gone('started by hand now')
})

test('the token of a webhook opens nothing else, no other token opens a webhook, and none is written down', async () => {
  const hook = await hooked(target, { signed: true })
  const own = hook.webhook_path.split('/').at(-1) ?? ''
  assert.match(own, /^[\w-]{43}$/)
  for (const line of ['GET /api/auth/me', 'GET /api/workflows', 'POST /api/stop', 'POST /api/mcp'])
    assert.equal(outcomeOf(await target.http(line, { token: own, body: undefined })), '401 AUTH_001', line)
  const client = target.open(own)
  await client.next('unauthorized')
  for (const token of [ann.token, hook.webhook_secret ?? '', `hook ${hook.id}`, hook.id, '%00', '..'])
    assert.equal((await target.http(`POST /api/hooks/${encodeURIComponent(token)}`)).status, 404, token)
  assert.equal((await target.http('POST /api/hooks/')).status, 404)
  // What a sender says of itself elsewhere counts for nothing.
  const free = await hooked(target)
  for (const authorization of ['Basic YTpi', 'Bearer nonsense', `Bearer ${bob.token}`])
    assert.equal((await call(target, free, { headers: { authorization } })).status, 202, authorization)
  assert.equal((await call(target, free, { headers: { origin: 'https://evil.test' } })).status, 403)
  const { connection } = target.app.kernel.store.reader
  const names = connection.all("SELECT name FROM sqlite_master WHERE type = 'table'", [])
  const all = names.map(({ name }) => JSON.stringify(connection.all(`SELECT * FROM "${String(name)}"`, [])))
  for (const secret of [own, hook.webhook_secret ?? '', hook.webhook_secret?.slice(6) ?? ''])
    assert.equal(all.join().includes(secret), false)
  assert.equal(target.logged.join().includes(own), false)
})

test('a secret is told to the owner of the workflow alone, on its own page alone', async () => {
  const { id, name, webhook_secret = '' } = await hooked(target, { signed: true })
  const { token } = ann
  const told = async (line: string, asked: Asked = { token }) => (await target.http(line, asked)).text
  for (const line of [
    'GET /api/workflows',
    'GET /api/system/state?include_workflows=true',
    'GET /api/system/modifications',
  ])
    assert.equal((await told(line)).includes(webhook_secret), false, line)
  assert.equal((await told(`PUT /api/workflows/${id}`, { token, body: { name } })).includes('whsec_'), false)
  assert.equal((await told(`GET /api/workflows/${id}`)).includes(webhook_secret), true)
  assert.equal((await target.http(`GET /api/workflows/${id}`, { token: bob.token })).status, 404)
  assert.equal((await hooked(target)).webhook_secret, undefined)
})

test('every call has its line in the audit, about the workflow, whatever became of it', async () => {
  const hook = await hooked(target, { signed: true })
  const body = '{}'
  const signed = { ...hub(hook.webhook_secret ?? '', body), ...JSON_TYPE }
  const calls = [
    await call(target, hook, { body, headers: signed }),
    await call(target, hook),
    await call(target, hook, {}, 'GET'),
    await call(target, hook, {
      body: '{',
      headers: { ...JSON_TYPE, ...hub(hook.webhook_secret ?? '', '{') },
    }),
    await call(target, { webhook_path: '/api/hooks/x' }),
  ]
  await target.app.kernel.audit.flush()
  const lines = target.app.kernel.audit.lines(undefined, 10_000)
  const found = calls.map(({ headers }) =>
    lines.filter(({ request_id }) => request_id === headers['x-request-id']),
  )
  const told = found.map((all) =>
    all.map(({ operation, target: of, actor, status }) => [operation, of, actor, status]),
  )
  assert.deepEqual(told, [
    [['workflows.hook', hook.id, ann.user_id, 202]],
    [['workflows.hook', hook.id, ann.user_id, 401]],
    [['workflows.hook_get', hook.id, ann.user_id, 405]],
    [['workflows.hook', hook.id, ann.user_id, 400]],
    [['workflows.hook', null, null, 404]],
  ])
})

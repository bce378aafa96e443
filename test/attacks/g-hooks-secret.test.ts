import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import type { OperationName, Operations } from '../../contract/index.ts'
import type { Input } from '../../contract/operation.ts'
import { makeKey } from '../../sdk/authenticator.ts'
import { makeRecoveryKey, passkeyOpener, recoveryOpener, sealItem } from '../../sdk/sealed.ts'
import { performAs } from '../../server/domains/changes/fixture.ts'
import { call, hooked, hub, runs, standard } from './hooks.ts'
import { dataOf, faultOf, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Fields, Person } from './rig.ts'

const target = await openTarget()
after(() => target.remove())
const { ann, bob, app, logged } = target
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const NEXT = "It's a Secret to Everybody"
const BODY = '{"door":"open"}'
const WRONG = '401 AUTH_001 signature_wrong'
let deliveries = 0

/** What a passkey would have to prove. */
function proven<N extends OperationName>(name: N, input: Input<Operations[N]>, by: Person = ann) {
  return performAs(target, by, name, input)
}

function stored(value = SECRET, more: Partial<Input<Operations['credentials.store']>> = {}, by = ann) {
  const given = { service_name: 'door', credential_type: 'api_key', credential_data: { value } } as const
  return proven('credentials.store', { ...given, ...more }, by)
}

function send(hook: { webhook_path: string }, headers: Record<string, string>): Promise<Answered> {
  return call(target, hook, { body: BODY, headers: { 'content-type': 'application/json', ...headers } })
}

/** Calls as Standard Webhooks does; what is answered. */
async function signed(hook: { webhook_path: string }, secret = SECRET): Promise<string> {
  deliveries += 1
  return outcomeOf(await send(hook, standard(secret, `d-${deliveries}`, BODY, target.clock.now())))
}

/** Why a workflow with these conditions is not made. */
async function refusal(conditions: Fields): Promise<string> {
  const definition = {
    trigger: { type: 'webhook', conditions },
    steps: [{ id: 'a', agent_number: 0, action: 'set', parameters: { value: 1 } }],
    error_handling: { strategy: 'fail_fast', notification_on_error: false },
    timeout_ms: 1_000,
    retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
  }
  const { token } = ann
  const made = await target.perform(
    operations['workflows.create'],
    { name: 'Refused', definition },
    { token },
  )
  const { errors } = (faultOf(made.body).details ?? {}) as { errors?: { code: string; message: string }[] }
  return `${outcomeOf(made)} ${errors?.map(({ code, message }) => `${code} ${message}`).join(' ')}`
}

test('G-016: a webhook with a credential takes what is signed with it, in both ways, and nothing else', async () => {
  const { id } = await stored()
  const hook = await hooked(target, { secret: `cred:${id}` })
  assert.equal(hook.webhook_secret, undefined)
  assert.deepEqual(hook.definition.trigger.conditions, { secret: `cred:${id}` })
  assert.equal(await signed(hook), '202')
  assert.equal(outcomeOf(await send(hook, hub(SECRET, BODY))), '202')
  assert.equal(outcomeOf(await send(hook, {})), '401 AUTH_001 signature_missing')
  const derived = (await hooked(target, { signed: true })).webhook_secret ?? ''
  for (const secret of [derived, `cred:${id}`, NEXT]) {
    assert.equal(await signed(hook, secret), WRONG, secret)
    assert.equal(outcomeOf(await send(hook, hub(secret, BODY))), WRONG, secret)
  }
  assert.equal((await runs(target, hook)).length, 2)
  const { credentials } = await target.ask(ann.token, 'credentials.list', {})
  assert.equal(credentials.find((one) => one.id === id)?.metadata.usage_count, 2)
  const told = await target.http(`GET /api/workflows/${hook.id}`, { token: ann.token })
  assert.equal(told.text.includes(SECRET), false)
})

test('what is no credential of theirs that can sign is refused by name, and a secret itself is not repeated', async () => {
  const past = new Date(target.clock.now() + 60_000).toISOString()
  const ended = await stored(SECRET, { metadata: { expires_at: past } })
  target.clock.advance(120_000)
  const theirs = await stored(SECRET, {}, bob)
  const short = await stored('fifteen letters')
  const { key } = makeKey(target.origin, { challenge: 'x', rp_id: 'localhost' })
  const openers = [passkeyOpener(key), recoveryOpener(makeRecoveryKey())]
  const sealed = await stored('', { credential_data: await sealItem({ value: SECRET }, openers) })
  for (const [id, why] of [
    ['none', 'is not there'],
    [theirs.id, 'is not there'],
    [ended.id, 'has expired'],
    [short.id, 'has less than 16 bytes'],
    [sealed.id, 'is sealed'],
  ] as const)
    assert.match(
      await refusal({ secret: `cred:${id}` }),
      new RegExp(`^422 WORKFLOW_003 UNUSABLE_SECRET .*"secret" names ${why}`),
    )
  const { id } = await stored()
  assert.match(await refusal({ secret: `cred:${id}`, signed: false }), /^422 WORKFLOW_003 BAD_CONDITION /)
  for (const secret of [SECRET, id, 'cred:', `cred:${id} `, `Cred:${id}`, { $secret: id }]) {
    const why = await refusal({ secret })
    assert.match(why, /^422 WORKFLOW_003 BAD_CONDITION /)
    assert.equal(why.includes(SECRET), false)
  }
  assert.equal(await refusal({ secret: `cred:${id}`, signed: true }), '201 undefined')
})

test('another secret counts at once, and the former one opens nothing', async () => {
  const { id } = await stored()
  const hook = await hooked(target, { secret: `cred:${id}` })
  await proven('credentials.update', { id, credential_data: { value: NEXT } })
  assert.equal(await signed(hook), WRONG)
  assert.equal(await signed(hook, NEXT), '401 AUTH_001 signature_wrong')
  assert.equal(outcomeOf(await send(hook, hub(NEXT, BODY))), '202')
  await proven('credentials.restore', { credential_id: id })
  assert.equal(await signed(hook), '202')
  assert.equal(outcomeOf(await send(hook, hub(NEXT, BODY))), WRONG)
})

test('a credential in use is deleted by force alone; then nothing starts, and the log alone says why', async () => {
  const { id } = await stored()
  const hook = await hooked(target, { secret: `cred:${id}`, signed: true })
  await assert.rejects(proven('credentials.delete', { id }), new RegExp(`used by ${hook.name}`))
  await proven('credentials.delete', { id, force: true })
  logged.length = 0
  const derived = (await hooked(target, { signed: true })).webhook_secret ?? ''
  for (const secret of [SECRET, derived, ''])
    assert.equal(outcomeOf(await send(hook, hub(secret, BODY))), WRONG)
  const answered = await send(hook, standard(SECRET, 'gone', BODY, target.clock.now()))
  assert.equal(outcomeOf(answered), WRONG)
  assert.equal(answered.text.includes(id), false)
  assert.deepEqual(await runs(target, hook), [])
  const lines = logged.map((line) => JSON.parse(line) as Record<string, unknown>)
  assert.deepEqual(
    [lines[0]?.['workflow_id'], lines[0]?.['credential_id'], lines[0]?.['problem']],
    [hook.id, id, 'is not there'],
  )
})

test('what has ended takes no calls until its end is moved', async () => {
  const expires_at = new Date(target.clock.now() + 60_000).toISOString()
  const { id } = await stored(SECRET, { metadata: { expires_at } })
  const hook = await hooked(target, { secret: `cred:${id}` })
  assert.equal(await signed(hook), '202')
  target.clock.advance(60_000)
  assert.equal(await signed(hook), WRONG)
  await proven('credentials.update', { id, metadata: { never_expires: true } })
  assert.equal(await signed(hook), '202')
})

test('what was damaged is 503, so that it is sent again, and a stranger learns nothing of the vault', async () => {
  const { id } = await stored()
  const hook = await hooked(target, { secret: `cred:${id}` })
  const { store } = app.kernel
  const [row] = store.reader.connection.all('SELECT about FROM credentials WHERE id = ?', [id])
  const put = (about: unknown) =>
    store.write((tx) =>
      Promise.resolve(
        tx.connection.run('UPDATE credentials SET about = ? WHERE id = ?', [String(about), id]),
      ),
    )
  await put('x')
  const answered = await send(hook, hub(SECRET, BODY))
  assert.equal(outcomeOf(answered), '503 GENERAL_004')
  assert.equal(faultOf(answered.body).details, undefined)
  assert.equal(answered.text.includes(id), false)
  await put((row as { about: string }).about)
  assert.equal(outcomeOf(await send(hook, hub(SECRET, BODY))), '202')
})

test("an agent's own webhook is signed with a credential, and keeps no secret, on or off", async () => {
  const { id } = await stored()
  const workflow = await hooked(target)
  const { token } = ann
  const make = (secret: string, is_active = true) => {
    const conditions = { workflow_id: workflow.id, secret }
    const config = { workflow_triggers: [{ type: 'webhook', conditions }] }
    return target.perform(operations['agents.create'], { name: 'Door', config, is_active }, { token })
  }
  for (const on of [true, false]) {
    const refused = await make(SECRET, on)
    assert.equal(outcomeOf(refused), '422 AGENT_004')
    assert.equal(refused.text.includes(SECRET), false)
  }
  assert.equal(outcomeOf(await make('cred:none')), '422 AGENT_004')
  assert.equal((await make(`cred:${id}`)).status, 201)
  const page = await target.http(`GET /api/workflows/${workflow.id}`, { token })
  const [own] = dataOf<{ agent_webhooks: { path: string; secret?: string }[] }>(page).agent_webhooks
  assert.equal(own?.secret, undefined)
  assert.equal(await signed({ webhook_path: own?.path ?? '' }), '202')
  assert.equal(await signed({ webhook_path: own?.path ?? '' }, NEXT), WRONG)
})

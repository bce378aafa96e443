import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Operation } from '../../contract/operation.ts'
import { signChallenge } from '../../sdk/authenticator.ts'
import { signLie } from './evil.ts'
import { NOTHING, every, otherOf, sampleOf } from './inputs.ts'
import { everythingOf } from './possessions.ts'
import { faultOf, isNotBuilt, none, openTarget, outcomeOf } from './rig.ts'
import type { Answered, Fields, Person } from './rig.ts'

const target = await openTarget()
after(() => target.remove())
await target.enrol(target.ann)
const { token: stale } = target.ann
// After a day a passkey is no longer provisional, so that a password takes it away no more.
target.clock.advance(86_400_001)
// What the night does by itself is done before anything is compared.
while (isDue()) await nextTurn()
const revoked = (await target.signIn('ann@example.org')).token
await target.http('POST /api/auth/logout', { token: revoked })
target.ann = { ...(await target.signIn('ann@example.org')), ...pick(target.ann) }
target.bob = await target.signIn('bob@example.org')
await target.enrol(target.bob)
const { ann, bob } = target

function isDue(): boolean {
  const { kernel } = target.app
  const jobs = kernel.store.reader.connection.all('SELECT kind FROM jobs WHERE run_at <= ?', [
    kernel.clock.now(),
  ])
  return jobs.length > 0
}

function pick({ key }: Person): Pick<Person, 'key'> {
  return key === undefined ? {} : { key }
}

const closed = every.filter(({ who }) => who !== 'public')
const sensitive = every.filter(({ proof }) => proof !== 'none')
const [first, second] = sensitive

/** Names every combination that came to something else than it must, and every one that had an effect. */
async function findWrong(
  among: readonly Operation[],
  attempts: (
    operation: Operation,
  ) => AsyncIterable<readonly [what: string, answered: Answered, expected: RegExp]>,
): Promise<string[]> {
  const wrong: string[] = []
  for (const operation of among) {
    const before = target.state()
    for await (const [what, answered, expected] of attempts(operation)) {
      const outcome = outcomeOf(answered)
      if (!expected.test(outcome)) wrong.push(`${operation.name}: ${what} came to ${outcome}`)
    }
    const changed = Object.entries(target.state()).filter(([table, digest]) => before[table] !== digest)
    if (changed.length > 0) wrong.push(`${operation.name}: changed ${changed.map(([table]) => table).join()}`)
  }
  return wrong
}

test('A-001: without a token that is good now no operation answers but the public ones, and nothing changes', async () => {
  const tokens: readonly (readonly [what: string, token: string | undefined, expected: RegExp])[] = [
    ['no token', undefined, /^401 AUTH_001$/],
    ['an expired token', stale, /^401 AUTH_003$/],
    ['the token of an ended session', revoked, /^401 AUTH_001$/],
    ['a made-up token', 'e30.e30.AAAA', /^401 AUTH_001$/],
    ['a token with another signature', `${ann.token.slice(0, -86)}${'A'.repeat(86)}`, /^401 AUTH_001$/],
  ]
  assert.ok(closed.length > 50)
  const wrong = await findWrong(closed, async function* (operation) {
    for (const [what, token, expected] of tokens)
      yield [what, await target.perform(operation, sampleOf(operation), { token }), expected]
  })
  none(wrong)
  assert.deepEqual(
    every.filter(({ who }) => who === 'public').map(({ name }) => name),
    [
      'auth.setup',
      'auth.login',
      'auth.logout',
      'auth.refresh',
      'auth.biometric_challenge',
      'workflows.hook',
      'workflows.hook_put',
      'workflows.hook_get',
      'system.health',
    ].toSorted(
      (one, other) =>
        every.findIndex(({ name }) => name === one) - every.findIndex(({ name }) => name === other),
    ),
  )
  assert.deepEqual((await target.http('GET /api/system/health')).body, {
    success: true,
    data: { status: 'healthy' },
  })
})

test('I-008: nobody but the owner performs what is for the owner, whatever they can prove', async () => {
  const owned = every.filter(({ who }) => who === 'owner')
  assert.ok(owned.length >= 6)
  const wrong = await findWrong(owned, async function* (operation) {
    const input = sampleOf(operation)
    yield ['another user', await target.perform(operation, input, { token: bob.token }), /^403 AUTH_001$/]
    const asked = { purpose: 'operation', operation: operation.name, input }
    if (operation.proof === 'none') return
    const challenge = await target.http('POST /api/auth/biometric/challenge', {
      token: bob.token,
      body: asked,
    })
    yield ['a challenge for another user', challenge, /^401 AUTH_001$|^403 AUTH_001$/]
    const proof = await target.proof(ann, operation, input)
    const answered = await target.perform(operation, input, { token: bob.token, proof })
    yield ["the owner's proof", answered, /^403 AUTH_001$/]
  })
  none(wrong)
})

test('S-001: no sensitive operation happens without a proof, with one for something else, or with one of another user', async () => {
  assert.ok(sensitive.length >= 25)
  const wrong = await findWrong(sensitive, async function* (operation) {
    const input = sampleOf(operation)
    const use = (proof: unknown) => target.perform(operation, input, { token: ann.token, proof })
    yield ['no proof', await use(undefined), /^403 AUTH_002 proof_missing$/]
    for (const nonsense of ['', 'null', [], {}, { credential_id: ann.key?.credential_id }])
      yield [`the proof ${JSON.stringify(nonsense)}`, await use(nonsense), /^403 AUTH_002 proof_m/]
    const other = otherOf(operation)
    if (other !== undefined)
      yield [
        'a proof for another body',
        await use(await target.proof(ann, operation, other)),
        /^403 AUTH_002 proof_mismatch$/,
      ]
    const elsewhere = operation === first ? second : first
    if (elsewhere !== undefined) {
      const proof = await target.proof(ann, elsewhere, sampleOf(elsewhere))
      yield [`a proof for ${elsewhere.name}`, await use(proof), /^403 AUTH_002 proof_mismatch$/]
    }
    const challenge = await target.challenge(ann, operation, input)
    if (bob.key !== undefined)
      yield ["another user's passkey", await use(signLie(bob.key, challenge)), /^403 AUTH_002 proof_invalid$/]
  })
  none(wrong)
})

test('S-003: a challenge that a failed proof has used up proves nothing any more, for any operation', async (t) => {
  const unbuilt: string[] = []
  const wrong = await findWrong(sensitive, async function* (operation) {
    const input = sampleOf(operation)
    const challenge = await target.challenge(ann, operation, input)
    if (ann.key === undefined) return
    const use = (proof: unknown) => target.perform(operation, input, { token: ann.token, proof })
    yield [
      'an unverified user',
      await use(signLie(ann.key, challenge, { flags: 1 })),
      /^403 AUTH_002 proof_invalid$/,
    ]
    const again = await use(signChallenge(ann.key, challenge))
    if (isNotBuilt(again.body)) unbuilt.push(operation.name)
    // What does not exist may be said before the proof is used up; that it is used up is said of the rest.
    else yield ['the same challenge', again, /^403 AUTH_002 proof_used$|^40[49] |^4(?:00|22) |^401 AUTH_004/]
  })
  none(wrong)
  t.diagnostic(`not built yet: ${unbuilt.join(', ')}`)
})

/** What a refusal says but for what is new in each. */
function spoken({ status, body }: Answered, id: string): unknown {
  const text = JSON.stringify({ status, error: body['error'] }, (key, value: unknown) =>
    ['timestamp', 'request_id', 'challenge', 'expires_at'].includes(key) ? '' : value,
  )
  return text.replaceAll(id, 'an id').replaceAll(NOTHING, 'an id')
}

test("I-001: another user's object is answered like one that is not there, by every operation with an id", async (t) => {
  const things = await everythingOf(target, ann)
  const addressed = every.filter(({ input }) =>
    Object.keys(input.properties).some((name) => /(?:^|_)id$/.test(name)),
  )
  const wrong: string[] = []
  let asked = 0
  for (const operation of addressed) {
    const names = Object.keys(operation.input.properties).filter((name) => /(?:^|_)id$/.test(name))
    for (const [name, [kind, id]] of names.flatMap((one) => things.map((thing) => [one, thing] as const))) {
      const before = target.state()
      const probe = async (given: string): Promise<Answered> => {
        const sample = sampleOf(operation)
        // An own agent, so that what is refused is the other id.
        const own = 'id' in sample && name !== 'id' ? { id: '2' } : {}
        const input: Fields = { ...sample, ...own, [name]: given }
        const provable = operation.proof !== 'none' && operation.who === 'user'
        const proof = provable ? await target.proof(bob, operation, input) : undefined
        return target.perform(operation, input, { token: bob.token, proof })
      }
      const [foreign, absent] = [await probe(id), await probe(NOTHING)]
      asked += 1
      if (spoken(foreign, id) !== spoken(absent, NOTHING))
        wrong.push(`${operation.name} ${name} = ${kind}: ${foreign.text} and not ${absent.text}`)
      // What only filters by an id finds nothing, which is no refusal.
      const isRefused = foreign.status >= 400 || faultOf(foreign.body).code !== undefined
      if (!isRefused && operation.http.method !== 'GET')
        wrong.push(`${operation.name} ${name} = ${kind}: succeeded`)
      if (JSON.stringify(target.state()) !== JSON.stringify(before))
        wrong.push(`${operation.name} ${name} = ${kind}: had an effect`)
    }
  }
  none(wrong)
  t.diagnostic(`${asked} combinations of ${addressed.length} operations and ${things.length} objects`)
})

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { operation_events } from '../../contract/events.ts'
import type { Operation } from '../../contract/operation.ts'
import { PASSWORD } from '../app.ts'
import { examples } from './examples.ts'
import type { Example } from './examples.ts'
import { openPair } from './pair.ts'
import type { Whole } from './rig.ts'
import { askHttp, askSocket, isCarried } from './ways.ts'
import type { Body, Fields } from './ways.ts'
import { wrongsOf } from './wrongs.ts'

const pair = await openPair()
const { overHttp, overSocket, client, came, askBoth } = pair
after(() => pair.remove())

/** Every operation that has both bindings; what carries a message is held against both in messages.test.ts. */
const shared = [...operation_events.values()].filter(({ carries }) => carries === undefined)
const isBuilt = ({ name }: Operation) => name in overHttp.app.answers
const errorOf = (body: Body) => body['error'] as { code: string; message: string; details?: Body } | undefined

function examplesOf(operation: Operation, whole: Whole): Example[] {
  const make = examples[operation.name]
  assert.ok(make, `${operation.name} has both bindings: give an example of it in examples.ts`)
  return make(whole)
}

/** What an example is refused with now: what is not built says so after everything that can be checked before. */
function expected(operation: Operation, { code }: Example): string | undefined {
  return operation.proof !== 'none' || isBuilt(operation) ? code : 'GENERAL_004'
}

for (const operation of shared) {
  const { name, socket } = operation

  test(`${name} comes to the same over HTTP and by ${socket?.event}: answer, error, effect and audit`, async () => {
    const mine = examplesOf(operation, overHttp)
    const others = examplesOf(operation, overSocket)
    for (const [index, example] of mine.entries()) {
      assert.ok(isCarried(operation, example.input), `example ${index} of ${name}`)
      const both = new Map([
        [overHttp, example.input],
        [overSocket, others[index]?.input ?? {}],
      ])
      const { body, line, status } = await askBoth(operation, (whole) =>
        renumber(both.get(whole) ?? {}, `${name}-${index}`),
      )
      const code = expected(operation, example)
      assert.equal(errorOf(body)?.code, code, JSON.stringify([example.input, body]))
      const { actor, session_id, operation: asked, outcome } = line
      assert.deepEqual([actor, session_id, asked, outcome], ['ann', 'string', name, code ?? 'ok'])
      if (operation.outcome !== 'accepted') assert.equal(line['status'], status)
      if (code === 'GENERAL_004') assert.deepEqual(errorOf(body)?.details, { reason: 'not_built' })
    }
  })

  test(`${name} with one field wrong is refused for that field by both, and nothing is done`, async () => {
    const [valid] = examplesOf(operation, overHttp)
    const wrongs = wrongsOf(operation, valid?.input ?? {}).filter(({ input }) => isCarried(operation, input))
    assert.ok(wrongs.length > 0)
    const before = overHttp.counts()
    for (const { path, input } of wrongs) {
      const { body, line } = await askBoth(operation, () => input)
      const issues = (errorOf(body)?.details?.['issues'] ?? []) as { path: string }[]
      assert.deepEqual([errorOf(body)?.code, line['status']], ['GENERAL_001', 400], path)
      assert.ok(issues.length > 0, path)
      for (const issue of issues) assert.ok(`${issue.path}/`.startsWith(`${path}/`), `${path}: ${issue.path}`)
    }
    assert.deepEqual(overHttp.counts(), before)
  })
}

test('what is built has an example that succeeds, and what has no example is a failure that names it', () => {
  for (const operation of shared) {
    const succeeds = examplesOf(operation, overHttp).some((one) => expected(operation, one) === undefined)
    assert.ok(succeeds || !isBuilt(operation) || operation.proof === 'strict', operation.name)
  }
  const [first] = shared
  assert.ok(first !== undefined)
  assert.throws(() => examplesOf({ ...first, name: 'new.one' }, overHttp), /: new\.one has both bindings/)
})

test('whoever is not signed in is refused by both with one code and one sentence', async () => {
  const ended = [await signInAndOut(overHttp), await signInAndOut(overSocket)]
  const none = ['no.such.token', 'no.such.token']
  const forged = [`${overHttp.ann.token}x`, `${overSocket.ann.token}x`]
  for (const [atHttp, atSocket] of [[], none, forged, ended]) {
    const turnedAway = overSocket.open(atSocket)
    const [sentence] = await turnedAway.next('unauthorized')
    await turnedAway.gone
    const [refused] = await overSocket.audited()
    assert.deepEqual([refused?.outcome, refused?.status, refused?.actor], ['AUTH_001', 401, null])
    for (const operation of shared) {
      const { status, body } = await askHttp(overHttp, operation, { id: '5' }, atHttp)
      const { line } = await came(overHttp, body)
      assert.deepEqual([status, errorOf(body)?.code], [401, 'AUTH_001'])
      assert.deepEqual(
        [line['operation'], line['outcome'], line['actor']],
        [operation.name, 'AUTH_001', null],
      )
      assert.equal(errorOf(body)?.message, sentence)
    }
  }
})

test('a token whose time is over is refused by both, and ends the socket that still has it', async () => {
  const sockets = new Map(shared.map((operation) => [operation, overSocket.open(overSocket.ann.token)]))
  for (const socket of sockets.values()) await socket.next('authenticated')
  await overSocket.audited()
  for (const { clock } of [overHttp, overSocket]) clock.jump(900_001)
  for (const [operation, socket] of sockets) {
    const { status, body, line } = await askBoth(operation, () => ({ id: '5' }), socket)
    assert.deepEqual([errorOf(body)?.code, status, line['actor']], ['AUTH_003', 401, null])
    await socket.next('unauthorized')
    assert.equal(await socket.gone, 'io server disconnect')
  }
  for (const { clock } of [overHttp, overSocket]) clock.jump(-900_001)
})

test('a request that comes again by the other way is the same execution, another one of its name a conflict', async () => {
  const operation = operation_events.get('agent:execute')
  assert.ok(operation !== undefined)
  const { ann } = overSocket
  const base = { action: 'calculate', user_id: ann.user_id, request_id: 'twice', priority: 'high' }
  const make = (expression: string) => {
    const command = { ...base, parameters: { expression } }
    return { id: '5', command, wait_for_completion: true }
  }
  const before = overSocket.counts()['executions'] ?? 0
  const first = await askSocket(client, operation, make('2 + 2'))
  const again = await askHttp(overSocket, operation, make('2 + 2'), ann.token)
  assert.equal(first['success'], true)
  assert.deepEqual([again.status, again.body], [200, first])
  const conflict = await askHttp(overSocket, operation, make('2 + 3'), ann.token)
  const refused = await askSocket(client, operation, make('2 + 3'))
  assert.deepEqual([conflict.status, errorOf(conflict.body)?.code], [409, 'GENERAL_001'])
  for (const body of [refused, conflict.body]) delete (body['error'] as Body)['request_id']
  assert.deepEqual(refused, conflict.body)
  assert.equal(overSocket.counts()['executions'], before + 1)
})

async function signInAndOut({ ask, audited }: Whole): Promise<string> {
  const email = 'bob@example.org'
  const { access_token } = await ask(undefined, 'auth.login', { email, password: PASSWORD })
  await ask(access_token, 'auth.logout', {})
  await audited()
  return access_token
}

/** The examples of each server have numbers of their own; a call is compared under one. */
function renumber(input: Fields, request_id: string): Fields {
  const { command } = input as { command?: Fields }
  return command === undefined ? input : { ...input, command: { ...command, request_id } }
}

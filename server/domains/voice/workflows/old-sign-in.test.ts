import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { VoiceProcessed } from '../../../../contract/voice.ts'
import { PASSWORD, openTestApp } from '../../../../test/app.ts'
import { defined } from '../../workflows/rig.ts'
import { SET } from './rig.ts'

const TIDY = 'make a workflow called tidy that lists my tasks'
const SIGN_IN =
  'Nothing is done yet: I must be sure that it is you. Sign in again (paios login), and then say yes within two minutes.'
const ASKED_NOTHING = 'I have asked you nothing, or too long ago: please say it again.'

/** Somebody whose sign-in no longer counts as proof; without a conversation, what they say belongs to their session. */
async function open() {
  const server = await openTestApp()
  after(() => server.remove())
  const claimed = await server.claim()
  server.clock.advance(300_001)
  const say = (text_fallback: string, token = claimed.token, conversation_id?: string) =>
    server.ask(token, 'voice.process', {
      text_fallback,
      ...(conversation_id === undefined ? {} : { context: { conversation_id } }),
    })
  const signIn = async (): Promise<string> => {
    const who = { email: 'ann@example.org', password: PASSWORD }
    return (await server.ask(undefined, 'auth.login', who)).access_token
  }
  const states = async () =>
    (await server.app.workflows.shown(claimed.user_id)).map(({ name, is_active }) => [name, is_active])
  const { app } = server
  const make = (name: string) =>
    app.kernel.store.write((tx) =>
      app.workflows.create(tx, claimed.user_id, { name, definition: defined({ steps: [SET] }) }),
    )
  return { ...server, ...claimed, say, signIn, states, make }
}

const told = ({ response }: VoiceProcessed) => [response.text, response.requires_followup]

test('what was agreed to waits for a newer sign-in, named or not, and then a yes is enough, once', async () => {
  for (const conversation of [undefined, 'kitchen']) {
    const { say, signIn, states, token } = await open()
    await say(TIDY, token, conversation)
    assert.deepEqual(told(await say('yes', token, conversation)), [SIGN_IN, false])
    assert.deepEqual(await states(), [])
    const fresh = await signIn()
    const made = await say('yes', fresh, conversation)
    assert.deepEqual(told(made), ['I have made “Tidy”.', false])
    assert.notEqual(made.workflow_id, undefined)
    for (const each of [token, fresh])
      assert.equal((await say('yes', each, conversation)).response.text, ASKED_NOTHING)
    assert.deepEqual(await states(), [['Tidy', true]])
  }
})

test('a yes before the newer sign-in is told the same again, and is not lost', async () => {
  const { say, signIn, states } = await open()
  await say(TIDY)
  for (let time = 0; time < 3; time += 1) assert.deepEqual(told(await say('yes')), [SIGN_IN, false])
  assert.equal((await say('yes', await signIn())).response.text, 'I have made “Tidy”.')
  assert.deepEqual(await states(), [['Tidy', true]])
})

test('the deed is in the audit once, under the operation itself', async () => {
  const { say, signIn, app } = await open()
  await say(TIDY)
  await say('yes')
  await say('yes', await signIn())
  await app.kernel.store.settled()
  const rows = app.kernel.store.reader.connection.all(
    "SELECT outcome FROM audit WHERE operation = 'workflows.create' AND outcome <> 'AUTH_002'",
    [],
  )
  assert.deepEqual(
    rows.map(({ outcome }) => outcome),
    ['ok'],
  )
})

test('switching waits in the same way, though nothing was asked before', async () => {
  const { say, signIn, states, make } = await open()
  await make('Tidy')
  assert.deepEqual(told(await say('turn off tidy')), [SIGN_IN, false])
  assert.deepEqual(await states(), [['Tidy', true]])
  assert.equal((await say('yes', await signIn())).response.text, '“Tidy” is switched off.')
  assert.deepEqual(await states(), [['Tidy', false]])
})

test('a no, a named conversation, an older session and two minutes are no yes', async () => {
  const { say, signIn, states, clock } = await open()
  const older = await signIn()
  clock.advance(300_001)
  await say(TIDY)
  await say('yes')
  assert.equal((await say('yes', older)).response.text, ASKED_NOTHING)
  const fresh = await signIn()
  assert.equal((await say('yes', fresh, 'kitchen')).response.text, ASKED_NOTHING)
  assert.equal((await say('no', fresh)).response.text, 'All right, I leave it.')
  assert.equal((await say('yes', fresh)).response.text, ASKED_NOTHING)
  await say(TIDY)
  await say('yes')
  clock.advance(120_000)
  assert.equal((await say('yes', await signIn())).response.text, ASKED_NOTHING)
  assert.deepEqual(await states(), [])
})

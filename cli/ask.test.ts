import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { SIGNED_IN, refusal } from '../sdk/fixture.ts'
import type { Fakes } from '../sdk/fixture.ts'
import { AGENT, HEALTH, openDesk, said } from './fixture.ts'
import { data, openOffice } from './rig.ts'

const fakes: Fakes = { 'voice.process': () => said('x'), 'agents.get': () => AGENT }
const FACTS = 'agent 3 Reminders & Calendar · The words are a phrase of Reminders & Calendar · 98 % · 12 ms'

test('a sentence is answered with agent, reason, confidence and time, dimmed only on a terminal', async (t) => {
  const desk = openDesk(fakes)
  t.after(desk.remove)
  await desk.signIn()
  const atTerminal = await desk.paios(['ask', 'remind', 'me', 'at six'])
  assert.deepEqual(atTerminal, { exit: 0, stdout: `I will.\n\u001B[2m${FACTS}\u001B[22m\n`, stderr: '' })
  assert.deepEqual(desk.seen[0]?.input, {
    text_fallback: 'remind me at six',
    context: { conversation_id: 'tty-1' },
  })
  const piped = await desk.paios(['ask', '-', '--language', 'de'], { piped: 'erinnere mich\n' })
  assert.deepEqual(piped, { exit: 0, stdout: `I will.\n${FACTS}\n`, stderr: '' })
  desk.environment['NO_COLOR'] = '1'
  assert.equal((await desk.paios(['ask', 'x'])).stdout, piped.stdout)
})

test('a script gets one JSON object, its own conversation and the language that it names', async (t) => {
  const desk = openDesk(fakes, { terminal: undefined })
  t.after(desk.remove)
  await desk.signIn()
  const { stdout, stderr } = await desk.paios(['ask', '--json', '--language', 'de'], { piped: 'hallo' })
  assert.deepEqual(JSON.parse(stdout), said('x'))
  assert.equal(stderr, '')
  await desk.paios(['ask', 'x', '--conversation', 'job 7'], { piped: '' })
  assert.deepEqual(
    desk.seen.filter(({ name }) => name === 'voice.process').map(({ input }) => input),
    [
      { text_fallback: 'hallo', language: 'de' },
      { text_fallback: 'x', context: { conversation_id: 'job 7' } },
    ],
  )
})

test('at a terminal a question is asked on until it is answered, or nobody replies', async (t) => {
  const question = { response: { text: 'When?', requires_followup: true } }
  const desk = openDesk({
    ...fakes,
    'voice.process': ({ text_fallback }) => (text_fallback === 'at six' ? said('x') : said('x', question)),
  })
  t.after(desk.remove)
  await desk.signIn()
  const whole = await desk.paios(['ask', 'remind me'], { typed: ['hm', 'at six'] })
  assert.match(whole.stdout, /^When\?\n.*\nWhen\?\n.*\nI will\.\n.*\n$/)
  assert.equal(whole.exit, 0)
  const silent = await desk.paios(['ask', 'remind me'], { typed: [''] })
  assert.match(silent.stdout, /^When\?\n.*\n$/)
  const script = await desk.paios(['ask', 'remind me'], { piped: '' })
  assert.match(script.stdout, /^When\?\n.*\n$/)
  assert.deepEqual([silent.exit, script.exit], [0, 0])
})

test('what failed, what was not understood and what the system did are told apart', async (t) => {
  const metadata = { execution_time: 1, resources_used: [] }
  const failed = said('x', { agent_response: { success: false, error: 'AGENT_002: no', metadata } })
  const routing = { ...said('x').agent_routing, target_agent: null }
  const unknown = said('x', {
    command_understood: false,
    intent: { action: 'unknown', entities: {}, confidence: 0 },
    agent_routing: { ...routing, reason: 'It is not like anything.' },
    response: { text: 'I did not get that.', requires_followup: true, suggestions: ['what can you do'] },
  })
  const global = said('x', { agent_routing: { ...routing, global_command: true } })
  const desk = openDesk({
    ...fakes,
    'voice.process': ({ text_fallback }) => ({ failed, unknown, global })[text_fallback ?? ''] ?? failed,
  })
  t.after(desk.remove)
  await desk.signIn()
  assert.equal((await desk.paios(['ask', 'failed'], { piped: '' })).exit, 1)
  const { exit, stdout } = await desk.paios(['ask', 'unknown'], { piped: '' })
  assert.equal(exit, 3)
  assert.equal(
    stdout,
    'I did not get that.\nYou could say:\n  what can you do\nno agent · It is not like anything · 0 % · 12 ms\n',
  )
  assert.match((await desk.paios(['ask', 'global'], { piped: '' })).stdout, /\nsystem · /)
})

test('an answer stays an answer when the name of its agent cannot be had', async (t) => {
  const desk = openDesk({ 'voice.process': () => said('x') })
  t.after(desk.remove)
  await desk.signIn()
  const { exit, stdout } = await desk.paios(['ask', 'x'], { piped: '' })
  assert.equal(exit, 0)
  assert.match(stdout, /\nagent 3 · /)
})

test('texts of the server cannot move the cursor, and cannot do it in JSON either', async (t) => {
  const evil = 'a\u001B[2Jb\u009B1m\u202Ec\nd'
  const desk = openDesk({
    'voice.process': () => said('x', { response: { text: evil, requires_followup: false } }),
    'agents.get': () => ({ ...AGENT, name: `${evil}\u0007` }),
  })
  t.after(desk.remove)
  await desk.signIn()
  const { stdout } = await desk.paios(['ask', 'x'], { piped: '' })
  assert.match(
    stdout,
    /^a\\u001b\[2Jb\\u009b1m\\u202ec\nd\nagent 3 a\\u001b\[2Jb\\u009b1m\\u202ec d\\u0007 · /,
  )
  const json = (await desk.paios(['ask', 'x', '--json'], { piped: '' })).stdout
  assert.doesNotMatch(json.trimEnd(), /[\p{Cc}\u202E]/u)
  assert.equal((JSON.parse(json) as ReturnType<typeof said>).response.text, evil)
})

test('who is not signed in is told the two ways, and no sentence leaves the machine', async (t) => {
  const desk = openDesk(fakes)
  t.after(desk.remove)
  const line = 'Nobody is signed in. First time? paios setup. Otherwise: paios login.'
  assert.deepEqual(await desk.paios(['ask', 'x']), { exit: 4, stdout: '', stderr: `paios: ${line}\n` })
  const json = await desk.paios(['ask', 'x', '--json'])
  assert.deepEqual([json.exit, json.stderr], [4, ''])
  assert.deepEqual(JSON.parse(json.stdout), { success: false, error: { message: line } })
  assert.equal(desk.seen.length, 0)
})

test('a session that has ended is said to have ended', async (t) => {
  const desk = openDesk({
    'voice.process': () => {
      throw refusal('UNAUTHORIZED', 'The session has ended.')
    },
  })
  t.after(desk.remove)
  await desk.signIn()
  const { exit, stderr } = await desk.paios(['ask', 'x'])
  assert.deepEqual([exit, stderr], [4, 'paios: You are not signed in any more. Sign in again: paios login\n'])
})

test('a newcomer at the machine of an unclaimed server claims it on the way; a script does not', async (t) => {
  const desk = openDesk({
    ...fakes,
    'system.health': () => ({ status: HEALTH.status }),
    'auth.setup': () => SIGNED_IN,
  })
  t.after(desk.remove)
  mkdirSync(join(desk.folder, 'data'))
  writeFileSync(join(desk.folder, 'data', 'setup-code'), 'CODE-1\n')
  assert.equal((await desk.paios(['ask', 'x'], { piped: '' })).exit, 4)
  const password = 'correct horse battery'
  const { exit, stdout, stderr } = await desk.paios(['ask', 'x'], {
    typed: ['ann@example.org', password, password],
  })
  assert.equal(exit, 0)
  assert.match(stdout, /^I will\.\n/)
  assert.doesNotMatch(stdout + stderr, /horse/)
  assert.deepEqual(desk.seen.find(({ name }) => name === 'auth.setup')?.input, {
    setup_code: 'CODE-1',
    email: 'ann@example.org',
    password,
  })
})

test('without a sentence nothing is asked', async (t) => {
  const desk = openDesk(fakes)
  t.after(desk.remove)
  await desk.signIn()
  for (const piped of [undefined, ' \n']) {
    const { exit, stderr } = await desk.paios(['ask'], piped === undefined ? {} : { piped })
    assert.equal(exit, 2)
    assert.match(stderr, /^paios: Say what to do, such as: /)
  }
  assert.equal((await desk.paios(['ask', '-'], { piped: 'x'.repeat(1_048_577) })).exit, 2)
  assert.equal(desk.seen.length, 0)
})

test('what waits for an approval names the command that gives it, and asks for nothing more', async (t) => {
  const details = { approval_id: '01890000-0000-7000-8000-00000000000a', expires_at: '2026-11-22T10:10:00Z' }
  const waits = said('x', { response: { text: 'That waits.', requires_followup: true }, details })
  const desk = openDesk({ ...fakes, 'voice.process': () => waits })
  t.after(desk.remove)
  await desk.signIn()
  const { exit, stdout, stderr } = await desk.paios(['ask', 'yes'], { typed: ['no'] })
  assert.match(stdout, /^That waits\.\nWhere your passkey is: paios approvals approve 0000000a\n/)
  assert.deepEqual([exit, stderr], [0, ''])
  assert.equal(desk.seen.filter(({ name }) => name === 'voice.process').length, 1)
})

test('what needs a proof is approved by the passkey of this machine after a yes, or with --yes unasked', async (t) => {
  const { sit } = await openOffice(t)
  const desk = await sit()
  await desk.paios(['passkey', 'add'])
  const name = async () => (await data<{ name: string }>(desk, ['agents', 'show', '2'])).name
  const refused = await desk.paios(['ask', 'rename agent 2 to diary'], { typed: ['no'] })
  assert.match(
    refused.stdout,
    /^Changed agent 2, Notes & Memory\..*\n[^]*\nWith the passkey of this machine: /,
  )
  assert.match(refused.stderr, /Approve it with the passkey of this machine\? Type yes: /)
  const script = await desk.paios(['ask', 'rename agent 2 to diary'], { piped: '' })
  const hint =
    /\nWith the passkey of this machine: paios approvals approve [0-9a-f]{8}\nTo approve at once next time: paios ask --yes\n/
  assert.match(script.stdout, hint)
  assert.deepEqual([refused.exit, script.exit, await name()], [0, 0, 'Notes & Memory'])
  const agreed = await desk.paios(['ask', 'rename agent 2 to diary'], { typed: ['yes'] })
  assert.match(agreed.stdout, /\nApproved and done\. /)
  assert.deepEqual([agreed.exit, await name()], [0, 'diary'])
  const unasked = await desk.paios(['ask', '--yes', 'rename agent 2 to log'], { piped: '' })
  assert.match(unasked.stdout, /^Approved and done\. [^\n{]*\n$/)
  assert.deepEqual([unasked.stderr, await name()], ['', 'log'])
})

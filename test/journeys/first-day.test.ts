import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ask } from '../../server/transports/http/client.ts'
import { openClient } from '../../server/transports/socket/rig.ts'
import { PASSWORD } from '../app.ts'
import { openMachine } from './process.ts'
import { readmeCommands, wordsOf } from './readme.ts'

const machine = openMachine()
after(() => machine.remove())
const EMAIL = 'ann@example.org'
const credentials = ['--email', EMAIL, '--password-stdin']

const CODE = /^Setup code: (\S+)\n/m
let server = await machine.serve({}, CODE)
/** Runs a command of the README, or another, against the server. */
const paios = (words: readonly string[], piped?: string) =>
  machine.paios(words, { environment: { PAIOS_URL: server.url }, ...(piped === undefined ? {} : { piped }) })

const SENTENCES = [
  'The boiler was serviced in March.',
  'The engineer replaced a valve and cleaned the burner of the boiler.',
  'The next service of the boiler is due in a year.',
]
const FACTS = /^(agent \d .+|system) · (\S.*\S) · (\d{1,3}) % · (\d{1,5}) ms$/

/** What the README promises of a command: which agent takes it, and what is said. */
interface Meaning {
  agent?: string
  says: RegExp
  /** What stands for `...` in the README. */
  rest?: string
}
const [notes, reminders] = ['agent 2 Notes & Memory', 'agent 3 Reminders & Calendar']
const [tasks, data, text] = ['agent 4 Tasks & Lists', 'agent 5 Data', 'agent 6 Text']
const ALL_AGENTS = /Concierge[^]*Notes & Memory[^]*Reminders & Calendar[^]*Tasks & Lists[^]*Data[^]*Text/
const MEANINGS: Readonly<Record<string, Meaning>> = {
  'ask "remind me in one minute to drink water"': {
    agent: reminders,
    says: /^I will remind you to drink water at \d\d:\d\d\.$/,
  },
  'ask "remember that the boiler service is on 3 March"': {
    agent: notes,
    says: /boiler service is on 3 March/,
  },
  'ask "what did I say about the boiler"': { agent: notes, says: /: the boiler service is on 3 March\.$/ },
  'ask "put milk and eggs on the shopping list"': { agent: tasks, says: /milk and eggs .*shopping list\.$/ },
  'ask "take that back"': { agent: 'system', says: /^Undone: .*milk and eggs/ },
  'ask "what is 17 percent of 2,340"': { agent: data, says: /^17 percent of 2,340 is 397\.8\.$/ },
  'ask "convert 5 miles to km"': { agent: data, says: /^5 miles is 8\.05 kilometres\.$/ },
  'ask "agent 6, summarise this: ..."': { agent: text, says: /boiler/, rest: SENTENCES.join(' ') },
  'ask "what can you do"': { agent: 'system', says: ALL_AGENTS },
  'ask "every weekday at 8 make a briefing from my notes and reminders"': {
    agent: 'system',
    says: /^Every weekday at 08:00 .* Shall I make it, as “Make a briefing from my notes and reminders”\?$/,
  },
  'ask "yes"': { agent: 'system', says: /^I have made “Make a briefing from my notes and reminders”\./ },
  'workflows gallery': { says: /morning_briefing: [^]*expense_csv_summary: / },
  agents: { says: ALL_AGENTS },
  // The reminder of a minute ago has rung when the machine is slow.
  notifications: { says: /^Nothing yet\.$|agent 3 .*Reminder: Drink water\./ },
}

test('a new server is claimed with the code that it printed, once', async () => {
  const code = CODE.exec(server.printed)?.[1] ?? ''
  const file = join(machine.home, 'data', 'setup-code')
  assert.equal(readFileSync(file, 'utf8').trim(), code)
  const stranger = await paios(['ask', 'what can you do'])
  assert.deepEqual([stranger.exit, stranger.stdout], [4, ''])
  const wrong = await paios(['setup', '--code', 'AAAA-AAAA-AAAA-AAAA', ...credentials], PASSWORD)
  assert.deepEqual([wrong.exit, wrong.stdout], [4, ''], wrong.stderr)
  const claimed = await paios(['setup', '--code', code, ...credentials], `${PASSWORD}\n`)
  assert.deepEqual([claimed.exit, claimed.stderr], [0, ''])
  assert.match(claimed.stdout, /^This server is yours now, ann@example\.org\. Try: paios ask/)
  assert.equal(existsSync(file), false)
  const again = await paios(
    ['setup', '--code', code, '--email', 'eve@example.org', '--password-stdin'],
    PASSWORD,
  )
  assert.match(again.stderr, /^paios: This server is already set up\./)
  const unknown = await paios(['setup', ...credentials], PASSWORD)
  assert.match(unknown.stderr, /has an owner already: paios login/)
})

test('a sign-in ends, is refused with another password, and begins again', async () => {
  assert.equal((await paios(['logout'])).stdout, 'Signed out.\n')
  assert.equal((await paios(['agents'])).exit, 4)
  const wrong = await paios(['login', ...credentials], `${PASSWORD}!`)
  assert.deepEqual([wrong.exit, wrong.stdout], [4, ''])
  const right = await paios(['login', ...credentials], PASSWORD)
  assert.deepEqual([right.exit, right.stdout], [0, 'Signed in as ann@example.org.\n'])
})

const commands = readmeCommands()

test('the README has commands, and each that it has is known here, and no other', () => {
  // `setup` is run above: at no terminal it needs its options.
  assert.deepEqual([...new Set(commands)].toSorted(), ['setup', ...Object.keys(MEANINGS)].toSorted())
  const fenced =
    'a\n```sh\nnpx paios status   # "how"\n```\nnpx paios no\n    npx paios no\n\n    npx paios yes\n'
  assert.deepEqual(readmeCommands(fenced), ['status', 'yes'])
})

for (const command of commands.filter((one) => one !== 'setup')) {
  test(`what the README promises of: npx paios ${command}`, async () => {
    const { agent, says, rest = '' } = MEANINGS[command] ?? assert.fail(`npx paios ${command} is not known`)
    const { exit, stdout, stderr } = await paios(wordsOf(command.replace('...', rest)))
    assert.deepEqual([exit, stderr], [0, ''], stdout)
    const lines = stdout.trimEnd().split('\n')
    const facts = agent === undefined ? undefined : lines.pop()
    assert.match(lines.join('\n'), says)
    if (facts === undefined) return
    const [, who, reason = '', sure, ms] = FACTS.exec(facts) ?? assert.fail(facts)
    assert.equal(who, agent)
    assert.ok(reason.length > 10 && Number(sure) >= 80 && Number(sure) <= 100 && Number(ms) < 10_000, facts)
    if (rest !== '') assert.ok(SENTENCES.some((sentence) => lines.join(' ').startsWith(sentence)))
  })
}

interface Said {
  response: { text: string }
  agent_response: { data: Record<string, unknown> }
}

async function say(sentence: string): Promise<Said> {
  return JSON.parse((await paios(['ask', '--json', sentence])).stdout) as Said
}

test('numbers are exact in what programs read, and what was taken back is gone', async () => {
  assert.deepEqual((await say('what is 17 percent of 2,340')).agent_response.data, { value: 397.8 })
  const length = (await say('convert 5 miles to km')).agent_response.data
  assert.deepEqual(length, { value: 8.046_72, unit: 'kilometres' })
  assert.doesNotMatch((await say('what is on the shopping list')).response.text, /milk|eggs/)
})

test('a reminder rings as an event when the server was killed after it was set, and once', async () => {
  const kept = readFileSync(join(machine.home, '.config', 'paios', 'cli-tokens.json'), 'utf8')
  const token = /"access_token": "([^"]+)"/.exec(kept)?.[1] ?? ''
  const { body } = await ask(server, '/api/voice/process', {
    method: 'POST',
    body: { text_fallback: 'remind me in two seconds to stretch' },
    headers: { authorization: `Bearer ${token}` },
  })
  await server.stop('SIGKILL')
  const due = String((body['data'] as Said).agent_response.data['due'])
  assert.ok(Date.parse(due) > Date.now(), 'it was killed before the time came')
  server = await machine.serve({ PAIOS_PORT: String(server.port) })
  const client = openClient(server.port, token, {})
  await within(client.next('authenticated'))
  // It may have rung before the socket was there.
  await client.ask('resume', 0)
  let event = { text: '', created_at: '' }
  while (event.text !== 'Reminder: Stretch.') {
    const [next] = await within(client.next('notification:created'))
    event = next as typeof event
  }
  assert.ok(Date.parse(event.created_at) >= Date.parse(due), `${event.created_at} for ${due}`)
  client.socket.disconnect()
  const { stdout } = await paios(['notifications'])
  assert.equal(
    stdout.split('\n').filter((line) => /agent 3 .* Reminder: Stretch\.$/.test(line)).length,
    1,
    stdout,
  )
})

test('a server that is told to stop ends with 0, and keeps what it was told for the next one', async () => {
  const { port, stop } = server
  assert.equal(await stop('SIGTERM'), 0)
  const { exit, stderr } = await paios(['agents'])
  assert.deepEqual([exit, stderr.split('\n').length], [5, 2])
  server = await machine.serve({ PAIOS_PORT: String(port) })
  assert.match((await paios(['ask', 'what did I say about the boiler'])).stdout, /3 March/)
  assert.equal(await server.stop('SIGINT'), 0)
})

/** What comes in time, or a failure. */
async function within<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('It did not come within 20 s.')), 20_000)
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer))
}

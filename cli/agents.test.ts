import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AgentDetail } from '../contract/agents.ts'
import { refusal } from '../sdk/fixture.ts'
import { AGENT, openDesk } from './fixture.ts'

const never = { ...AGENT, agent_number: 20, name: 'Über\n\u001B[31m', last_execution: null }
const parameters = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] }
const actions: AgentDetail['actions'] = [
  { name: 'remind\n', summary: 'Reminds.', effect: 'write', parameters },
]
const failing: AgentDetail = {
  ...AGENT,
  actions,
  status: { ...AGENT.status, state: 'error', last_error: 'No\nnet.' },
}
const open = () =>
  openDesk({
    'agents.list': () => ({ agents: [AGENT, never], total_count: 2, active_count: 2 }),
    'agents.get': ({ id }) => {
      if (id === '3') return failing
      throw refusal('AGENT_NOT_FOUND', `There is no agent ${id}.`)
    },
  })

test('agents are a table, each on one line whatever its name', async (t) => {
  const desk = open()
  t.after(desk.remove)
  await desk.signIn()
  const { stdout } = await desk.paios(['agents'])
  assert.deepEqual(stdout.split('\n'), [
    'NUMBER  NAME                  STATE  HEALTH  LAST RUN',
    '3       Reminders & Calendar  idle   95      5 min ago',
    '20      Über \\u001b[31m       idle   95      never',
    '',
  ])
  const { stdout: json } = await desk.paios(['agents', '--json'])
  assert.deepEqual(JSON.parse(json), { agents: [AGENT, never], total_count: 2, active_count: 2 })
})

test('one agent is shown with its actions and its own phrases', async (t) => {
  const desk = open()
  t.after(desk.remove)
  await desk.signIn()
  const { stdout } = await desk.paios(['agents', 'show', '3'])
  assert.match(stdout, /^3 Reminders & Calendar\nTells you in time\.\n\nstate +error\n/)
  assert.match(
    stdout,
    /\nlast error +No net\.\nactions +remind, timer\n\nWhat the actions take:\n {2}remind \{text: text\}\n\nPhrases/,
  )
  assert.match(stdout, /\nwake me at \{time\} +remind\n$/)
})

test('an agent that is not there is refused, and so is asking without a sign-in', async (t) => {
  const desk = open()
  t.after(desk.remove)
  assert.equal((await desk.paios(['agents', 'show', '9'])).exit, 4)
  await desk.signIn()
  assert.deepEqual(await desk.paios(['agents', 'show', '9']), {
    exit: 1,
    stdout: '',
    stderr: 'paios: There is no agent 9.\n',
  })
  assert.equal((await desk.paios(['agents', 'show'])).exit, 2)
  assert.equal((await desk.paios(['agents', 'hide', '9'])).exit, 2)
})

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { after, test } from 'node:test'
import { operations } from '../../contract/index.ts'
import { dataOf, openTarget, outcomeOf } from './rig.ts'
import type { Fields } from './rig.ts'
import { execution, openRobot, register, registration, turns } from './robot.ts'

const target = await openTarget()
const folder = mkdtempSync(join(tmpdir(), 'paios-commands-'))
const marker = join(folder, 'touched')
const children: { process: ChildProcess }[] = []
const note = (child: unknown) => children.push(child as { process: ChildProcess })
/** The server itself asks a voice engine that is installed for its voices; nothing that anybody says is in that. */
const isVoices = ({ process: { spawnfile, spawnargs } }: { process: ChildProcess }) =>
  /[\\/]espeak-ng(?:\.exe)?$/.test(spawnfile) && spawnargs.slice(1).join(' ') === '--voices'
subscribe('child_process', note)
after(async () => {
  unsubscribe('child_process', note)
  rmSync(folder, { recursive: true })
  await target.remove()
})
const { ann } = target
const { token } = ann
const perform = (agent: number | string, action: string, parameters: Fields = {}) =>
  target.perform(operations['agents.execute'], execution(ann, agent, action, { parameters }), { token })
const say = (text_input: string) => target.http('POST /api/voice/process', { token, body: { text_input } })

/** Nothing was started and nothing written, also not a little later. */
async function assertNothingRan(): Promise<void> {
  await turns()
  const others = children.filter((one) => !isVoices(one)).map(({ process }) => process.spawnargs)
  assert.deepEqual([others, existsSync(marker), readdirSync(folder)], [[], false, []])
}

test('a program that starts here is noticed by these tests', async () => {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  assert.equal(children.splice(0).length, 1)
})

const command = ['/usr/bin/touch', marker]
const commands: readonly Fields[] = [
  { command },
  { command: ['/bin/sh', '-c', `touch ${marker}`], actions: [{ name: 'run', command }] },
  { command: [`touch ${marker}`], base_url: `file://${marker}`, model: `$(touch ${marker})` },
  { command: `touch ${marker}` },
  { command, args: [marker], transport: 'stdio', env: { PATH: '/usr/bin:/bin' } },
]

test('G-010: an agent whose integrations name programs is made, shown, changed and used without any of them', async () => {
  let taken = 0
  for (const [index, given] of commands.entries()) {
    const integration = {
      id: `i${index}`,
      name: 'Tool',
      type: 'mcp',
      enabled: true,
      allowed_hosts: [],
      ...given,
    }
    const input = { name: `Tools ${index}`, config: { external_integrations: [integration] } }
    const made = await target.perform(operations['agents.create'], input, { token })
    if (made.status >= 300) {
      assert.match(outcomeOf(made), /^4(?:00|22) /)
      continue
    }
    taken += 1
    const { id, available_actions } = dataOf<{ id: string; available_actions: string[] }>(made)
    assert.deepEqual(available_actions, [])
    const changed = { id, config: { preferences: { command, ...given } } }
    await target.perform(operations['agents.update'], changed, { token })
    for (const place of [
      'agents',
      `agents/${id}`,
      `agents/${id}/status`,
      'system/modifications',
      'system/state',
    ])
      assert.ok((await target.http(`GET /api/${place}`, { token })).status < 500, place)
    for (const action of ['Tool', 'touch', 'exec', 'run', `i${index}`, command.join(' ')])
      assert.equal(outcomeOf(await perform(id, action)), '400 AGENT_002')
    await say(`Tools ${index}, touch ${marker}`)
  }
  // A list of words is what an integration may say; a line for a shell, or more beside it, is refused.
  assert.equal(taken, 3)
  await assertNothingRan()
})

test('G-010: a program that registers with commands in everything that it may say starts none here', async () => {
  const voice_commands = [{ phrase: 'touch it', action: 'touch', parameters: { command, shell: true } }]
  const config_schema = {
    title: 'x',
    default: { command: command.join(' ') },
    $comment: `$(touch ${marker})`,
  }
  const more = { capabilities: ['touch', command.join(' ')], voice_commands, config_schema }
  const robot = await openRobot(target, ann, 60, more)
  await target.perform(
    operations['agents.update'],
    { id: '60', config: { preferences: { settings: { command } } } },
    { token },
  )
  for (const action of ['touch', command.join(' '), 'touch it']) {
    const { result } = dataOf<{ result: { error: string } }>(await perform(60, action))
    assert.equal(result.error, 'AGENT_003: Agent 60 is not connected.')
  }
  const fields = { ...registration(61), command, args: command, integrations: commands }
  assert.equal(outcomeOf(await register(target, ann, fields)), '400 GENERAL_001')
  await say('touch it')
  assert.equal((await robot.http('POST /api/mcp/next')).status, 200)
  await assertNothingRan()
})

const ODD: readonly string[] = [
  '*',
  '$HOME',
  '${HOME}',
  '$(id)',
  '`id`',
  '; rm -rf /',
  '&& id',
  '| id',
  'a\nb',
  'a\r\nb: c',
  '-rf',
  '--help',
  '--',
  '~',
  '../../etc/passwd',
  'a b"c\'d\\e',
  '%s%n',
  '{{ env }}',
  '!!',
  '\u0000',
]

test('G-012: what a shell would read in arguments is a text like any other, here and on its way out', async () => {
  const robot = await openRobot(target, ann, 62)
  const client = await robot.enter()
  for (const text of ODD) {
    const remembered = await perform(2, 'remember', { text, tags: [text] })
    const { memory_id } = dataOf<{ result: { data: { memory_id: string } } }>(remembered).result.data
    const { memories } = dataOf<{ memories: { id: string; content: unknown; tags: string[] }[] }>(
      await target.http('GET /api/agents/2/memory?limit=1', { token }),
    )
    assert.deepEqual([memories[0]?.id, memories[0]?.tags], [memory_id, [text.toLowerCase()]])
    assert.equal(memories[0]?.content, text)
    const asking = perform(62, 'echo', { text, [text]: text })
    const [sent] = (await client.next('mcp:message')) as { id: string; params: { parameters: unknown } }[]
    assert.deepEqual(sent?.params.parameters, { text, [text]: text })
    client.socket.emit('mcp:message', {
      ...robot.letter('', {}),
      method: undefined,
      params: undefined,
      id: sent?.id,
      type: 'response',
      result: { data: text },
    })
    assert.equal(dataOf<{ result: { data: unknown } }>(await asking).result.data, text)
  }
  await assertNothingRan()
})

test('G-012: a name of an agent or action may hold such characters, is kept whole and means nothing', async () => {
  for (const [index, text] of ODD.entries()) {
    const name = `${text} n${index}`
    const made = await register(target, ann, registration(100 + index, { name, capabilities: [name] }))
    if (made.status >= 300) {
      assert.match(text, /\p{Cc}/u)
      assert.equal(outcomeOf(made), '422 AGENT_004', name)
      continue
    }
    const shown = dataOf<Fields>(await target.http(`GET /api/agents/${100 + index}`, { token }))
    assert.deepEqual([shown['name'], shown['available_actions']], [name.trim(), [name]])
  }
  await assertNothingRan()
})

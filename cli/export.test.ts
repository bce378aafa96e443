import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EXIT } from './exit.ts'
import { archive, filesOf } from './export/fixture.ts'
import { toCsv, toMarkdown } from './export/open-formats.ts'
import { data, openOffice } from './rig.ts'
import { OWNER } from '../sdk/rig.ts'

test('an export holds everything of the user in open formats, and comes back into an empty account', async (t) => {
  const { sit } = await openOffice(t)
  const ann = await sit()
  for (const sentence of [
    'note: the café closes at six',
    'add milk to my shopping list',
    'remind me in two hours to stretch',
  ])
    assert.equal((await ann.paios(['ask', sentence])).exit, EXIT.done, sentence)
  const own = join(ann.folder, 'own.tar')
  writeFileSync(own, await archive({ 'agents.jsonl': '{"agent_number":25,"name":"Diary"}\n\n' }))
  const made = await ann.paios(['import', own])
  assert.deepEqual(
    [made.exit, made.stdout],
    [EXIT.done, 'Brought in 1 agents, 0 workflows, 0 triggers, 0 memories, 0 records.\n'],
  )
  const file = join(ann.folder, 'mine.tar')
  const { exit, stdout, stderr } = await ann.paios(['export', '--to', file])
  assert.deepEqual([exit, stderr], [EXIT.done, ''])
  assert.match(stdout, /\n {2}agents\.jsonl, 1\d\n/)
  assert.equal(statSync(file).mode & 0o777, 0o600)
  const files = await filesOf(file)
  assert.match(files['memories.md'] ?? '', /\n- .*the café closes at six \(note/i)
  assert.match(files['lists.csv'] ?? '', /^list,item,done,priority\r\nshopping,/)
  assert.match(files['reminders.ics'] ?? '', /BEGIN:VCALENDAR[^]*stretch/i)
  assert.match(files['history.jsonl'] ?? '', /"action":"remind"/)
  assert.match(files['profile.json'] ?? '', /"email": "ann@example\.org"/)
  assert.equal((await ann.paios(['export', '--to', file])).exit, EXIT.usage)
  const elsewhere = await openOffice(t)
  const other = await elsewhere.sit()
  const tried = await other.paios(['import', file, '--dry-run'])
  assert.match(tried.stdout, /^Would bring in 1\d agents, 0 workflows, 0 triggers, 1 memories, 2 records\.\n/)
  assert.doesNotMatch((await other.paios(['agents'])).stdout, /Diary/)
  const brought = await other.paios(['import', file])
  assert.match(brought.stdout, /^Brought in 1\d agents, 0 workflows, 0 triggers, 1 memories, 2 records\.\n/)
  assert.match((await other.paios(['agents'])).stdout, /25 .*Diary/)
  assert.match((await other.paios(['ask', 'show my notes'])).stdout, /café closes at six/)
  const again = await other.paios(['import', file, '--json'])
  const { conflicts } = JSON.parse(again.stdout) as { conflicts: { kind: string; reason: string }[] }
  assert.deepEqual(
    conflicts.map(({ kind }) => kind),
    ['agents', 'memories'],
  )
})

test('a workflow, what agents start it by and preferences come along, and what was is counted', async (t) => {
  const { server, sit } = await openOffice(t)
  const ann = await sit()
  const client = await server.signIn(OWNER)
  const definition = {
    trigger: { type: 'manual' as const, conditions: {} },
    steps: [{ id: 'a', agent_number: 0, action: 'set', parameters: { value: 1 } }],
    error_handling: { strategy: 'fail_fast' as const, notification_on_error: false },
    timeout_ms: 60_000,
    retry_policy: { max_attempts: 1, backoff_strategy: 'fixed' as const, delay_ms: 0 },
  }
  const { id } = await client.ask('workflows.create', { name: 'Morning', definition })
  const trigger = { type: 'schedule' as const, conditions: { cron: '0 6 * * *', workflow_id: id } }
  await client.ask('agents.update', { id: '2', config: { workflow_triggers: [trigger] } })
  await client.ask('auth.preferences', { theme: 'dark' })
  assert.equal((await ann.paios(['ask', 'note: tea'])).exit, EXIT.done)
  const file = join(ann.folder, 'mine.tar')
  await ann.paios(['export', '--to', file])
  const files = await filesOf(file)
  const line = '{"agent_number":2,"workflow":"Morning","type":"schedule","conditions":{"cron":"0 6 * * *"}}\n'
  assert.equal(files['triggers.jsonl'], line)
  assert.doesNotMatch(files['agents.jsonl'] ?? '', new RegExp(id))
  const elsewhere = await openOffice(t)
  const other = await elsewhere.sit()
  const { stdout } = await other.paios(['import', file, '--yes'])
  assert.match(stdout, /^Brought in \d+ agents, 1 workflows, 1 triggers, 1 memories, 0 records\.\n/)
  assert.match(stdout, /\nWhat was stays where it is: 1 history\.\n$/)
  const theirs = await elsewhere.server.signIn(OWNER)
  const [workflow] = (await theirs.ask('workflows.list', {})).workflows
  const { config } = await theirs.ask('agents.get', { id: '2' })
  assert.deepEqual(config.workflow_triggers[0]?.conditions['workflow_id'], workflow?.id)
  assert.notEqual(workflow?.id, id)
  assert.equal((await theirs.ask('auth.me', {})).preferences.theme, 'dark')
})

const lines = (entries: readonly unknown[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')

function said(index: number, superseded_by: string | null) {
  const content = { text: `${index} ${'ü'.repeat(4_000)}` }
  const times = { created_at: '2025-01-02T03:04:05.000Z', expires_at: null }
  const more = { tags: [], pinned: false, trust: 'trusted', superseded_by }
  return { agent_number: 25, memory_type: 'fact', content, source: { kind: 'user' }, ...times, ...more }
}

test('what is too large for one call comes in several, and is tried as if it were there', async (t) => {
  const { sit } = await openOffice(t)
  const ann = await sit()
  const memories = Array.from({ length: 130 }, (_, index) => said(index, index === 3 ? 'other' : null))
  const file = join(ann.folder, 'large.tar')
  const memory = lines([...memories, { ...said(130, null), agent_number: 77 }])
  const files = { 'agents.jsonl': lines([{ agent_number: 25, name: 'Diary' }]), 'memories.jsonl': memory }
  writeFileSync(file, await archive({ ...files, 'runs.jsonl': '{}\n{}\n', 'history.jsonl': '{}\n' }))
  for (const more of [['--dry-run'], []]) {
    const { created, conflicts, left_out } = await data<{
      created: Record<string, number>
      conflicts: { kind: string; index: number }[]
      left_out: Record<string, number>
    }>(ann, ['import', file, ...more])
    assert.deepEqual([created['agents'], created['memories']], [1, 129])
    assert.deepEqual(
      conflicts.map(({ kind, index }) => [kind, index]),
      [['memories', 130]],
    )
    assert.deepEqual(left_out, { history: 1, runs: 2, notifications: 0, replaced_memories: 1 })
  }
  const again = await ann.paios(['import', file])
  assert.match(again.stdout, /\nWhat was stays where it is: 1 history, 2 runs, 1 replaced memories\.\n$/)
})

test('a file that is cut, none, or another one is refused in a line, and nothing is brought in', async (t) => {
  const { sit } = await openOffice(t)
  const ann = await sit()
  const file = join(ann.folder, 'mine.tar')
  const whole = join(ann.folder, 'whole.tar')
  await ann.paios(['export', '--to', whole])
  const refuses = async (path: string, exit: number, line: RegExp) => {
    const ended = await ann.paios(['import', path])
    assert.equal(ended.exit, exit)
    assert.match(ended.stderr, line)
  }
  for (const [text, line] of [
    ['[1]', /^paios: Line 1 of agents\.jsonl is no object\.\n$/],
    ['{}\n{', /^paios: Line 2 of agents\.jsonl is not JSON\.\n$/],
  ] as const) {
    writeFileSync(file, await archive({ 'agents.jsonl': text }))
    await refuses(file, EXIT.failed, line)
  }
  writeFileSync(file, await archive({ 'other.txt': '' }))
  await refuses(file, EXIT.failed, /is no export: /)
  await refuses(join(ann.folder, 'none.tar'), EXIT.usage, /^paios: There is no file .*none\.tar\.\n$/)
  writeFileSync(file, readFileSync(whole).subarray(0, 3_000))
  await refuses(file, EXIT.failed, /^paios: The archive ends before its end\.\n$/)
  writeFileSync(file, 'nonsense '.repeat(100))
  await refuses(file, EXIT.failed, /^paios: This is no archive, or it is damaged\.\n$/)
})

test('what people wrote has no effect in a table or a text', () => {
  const record = {
    id: 'i',
    agent_number: 4,
    collection: 'item',
    at: 1,
    created_at: '2026-01-01T00:00:00.000Z',
  }
  const body = { text: '=HYPERLINK("http://evil")', done: true, priority: 'high' }
  const csv = toCsv([
    { ...record, group: 'a,b', body },
    { ...record, collection: 'reminder', group: 'x', body },
    { ...record, group: 'plain', body: { text: 'two\nlines', done: false, priority: 'low' } },
  ])
  assert.equal(
    csv,
    `list,item,done,priority\r\n"a,b","'=HYPERLINK(""http://evil"")",yes,high\r\nplain,"two\nlines",no,low\r\n`,
  )
  const memory = {
    id: 'm',
    agent_number: 1,
    memory_type: 'note',
    tags: ['x'],
    expires_at: null,
    pinned: false,
    source: { kind: 'user' as const },
    trust: 'trusted' as const,
    updated_at: '',
    created_at: '2026-01-02T03:04:05.000Z',
  }
  const agents = [
    { agent_number: 1, name: '# Evil' },
    { agent_number: 2, name: 'Empty' },
  ]
  const text = toMarkdown(
    [
      { ...memory, content: { text: 'a\n# [b](javascript:x) <b>' }, superseded_by: null },
      { ...memory, content: 'old', superseded_by: 'm' },
    ],
    agents,
  )
  assert.equal(
    text,
    '# What my agents remember\n\n## \\# Evil\n\n- a \\# \\[b\\](javascript:x) \\<b\\> (note, \\#x, 2026-01-02)\n',
  )
})

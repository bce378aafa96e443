import assert from 'node:assert/strict'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pack, unpack } from '../server/kernel/backup/tar.ts'
import { EXIT } from './exit.ts'
import { toCsv, toMarkdown } from './export/open-formats.ts'
import { openOffice } from './rig.ts'

async function filesOf(path: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  async function* bytes(): AsyncGenerator<Buffer> {
    yield readFileSync(path)
  }
  await unpack(bytes(), async (name, _bytes, content) => {
    const parts: Buffer[] = []
    for await (const part of content) parts.push(part)
    files[name] = Buffer.concat(parts).toString()
  })
  return files
}

async function archive(path: string, text: string): Promise<Buffer> {
  const content = Buffer.from(text)
  const parts: Buffer[] = []
  for await (const part of pack([{ path, bytes: content.length, content: [content] }], 0)) parts.push(part)
  return Buffer.concat(parts)
}

test('an export holds everything of the user in open formats, and comes back into an empty account', async (t) => {
  const { sit } = await openOffice(t)
  const ann = await sit()
  for (const said of [
    'note: the café closes at six',
    'add milk to my shopping list',
    'remind me in two hours to stretch',
  ])
    assert.equal((await ann.paios(['ask', said])).exit, EXIT.done, said)
  const own = join(ann.folder, 'own.tar')
  writeFileSync(own, await archive('agents.jsonl', '{"agent_number":25,"name":"Diary"}\n\n'))
  const made = await ann.paios(['import', own])
  assert.deepEqual(
    [made.exit, made.stdout],
    [EXIT.done, 'Brought in 1 agents, 0 workflows, 0 memories, 0 records.\n'],
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
  assert.match(tried.stdout, /^Would bring in 1\d agents, 0 workflows, 1 memories, 2 records\.\n$/)
  assert.doesNotMatch((await other.paios(['agents'])).stdout, /Diary/)
  const brought = await other.paios(['import', file])
  assert.match(brought.stdout, /^Brought in 1\d agents, 0 workflows, 1 memories, 2 records\.\n$/)
  assert.match((await other.paios(['agents'])).stdout, /25 .*Diary/)
  assert.match((await other.paios(['ask', 'show my notes'])).stdout, /café closes at six/)
  const again = await other.paios(['import', file, '--json'])
  const { conflicts } = JSON.parse(again.stdout) as { conflicts: { kind: string; reason: string }[] }
  assert.deepEqual(
    conflicts.map(({ kind }) => kind),
    ['agents', 'memories'],
  )
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
    writeFileSync(file, await archive('agents.jsonl', text))
    await refuses(file, EXIT.failed, line)
  }
  writeFileSync(file, await archive('other.txt', ''))
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

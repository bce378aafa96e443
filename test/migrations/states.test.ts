import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../../server/kernel/rig.ts'
import { openConnection } from '../../server/kernel/store/connection.ts'
import type { Connection, Row } from '../../server/kernel/store/connection.ts'
import { isPending, migrate } from '../../server/kernel/store/migrate.ts'
import { FIXTURES, openOld } from './old.ts'
import { HISTORY, TODAY, digestOf, inHistory } from './history.ts'
import { columnsOf, dump, fill, schemaOf } from './rows.ts'
import type { Dump } from './rows.ts'

/** What the very first servers had: before that there were no rows. */
const FIRST = 10
const NOW = '2026-11-22T10:00:00.000Z'

function open(t: TestContext, folder = temporaryFolder(t)): Connection {
  const connection = openConnection(join(folder, 'paios.sqlite'), { synchronous: 'NORMAL' })
  t.after(connection.close)
  return connection
}

/** A database as it was after so many migrations, with rows in every table. */
function openState(t: TestContext, applied: number): Connection {
  const connection = open(t)
  migrate(connection, inHistory().slice(0, applied), NOW)
  fill(connection)
  return connection
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

/** How many migrations came before one. */
const AT = (name: string) => HISTORY.findIndex(([one]) => one === name)

const parsed = (text: unknown): unknown => (typeof text === 'string' ? JSON.parse(text) : text)

/** What today has in the place of a value that an older schema had, where that is another one. */
function expected(table: string, row: Row, column: string, applied: number): unknown {
  const value = row[column]
  if (table === 'memories' && column === 'text' && applied <= AT('memory-2')) return ''
  if (!column.endsWith('_state') || typeof value !== 'string') return value
  const state = JSON.parse(value) as Record<string, unknown>
  if (table === 'undo_steps' && row['kind'] === 'memory' && applied <= AT('memory-2')) return memoryOf(state)
  if (
    table === 'modifications' &&
    row['kind'] === 'agent' &&
    (row['seal'] ?? null) === null &&
    applied <= AT('agents-3')
  )
    return agentOf(state)
  return value
}

function memoryOf({ text: _words, ...state }: Record<string, unknown>): object {
  const content = JSON.parse(String(state['content'])) as { trust?: string; source?: string } | null
  const isImport = state['memory_type'] === 'imported' && content?.trust === 'untrusted'
  return {
    ...state,
    updated_at: state['created_at'],
    source_kind: isImport ? 'import' : 'user',
    source_name: isImport ? (content.source ?? null) : null,
    trust: isImport ? 'untrusted' : 'trusted',
    pinned: 0,
    superseded_by: null,
  }
}

function agentOf({ deleted_at = null, ...state }: Record<string, unknown>): object | null {
  if (deleted_at !== null) return null
  const empty = {
    api_keys: {},
    preferences: {},
    workflow_triggers: [],
    voice_commands: [],
    external_integrations: [],
  }
  return { ...state, config: { ...empty, ...(state['config'] as object) } }
}

/** Rows by what they had before: their order is that of what they hold. */
function compare(before: Dump, after: Dump, applied: number): void {
  for (const [table, rows] of Object.entries(before)) {
    if (table === 'migrations') continue
    const wanted = rows.map((row) =>
      Object.keys(row).map((column) => parsedState(column, expected(table, row, column, applied))),
    )
    const columns = Object.keys(rows[0] ?? {})
    const found = (after[table] ?? []).map((row) => columns.map((column) => parsedState(column, row[column])))
    assert.deepEqual(sorted(found), sorted(wanted), `${table} after ${applied}`)
  }
}

const parsedState = (column: string, value: unknown) => (column.endsWith('_state') ? parsed(value) : value)
const sorted = (rows: readonly unknown[][]) => rows.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))

test('no migration that some installation has was edited, and every new one stands at the end of the history', () => {
  const digests = new Map(HISTORY)
  const edited = TODAY.filter((one) => digests.has(one.name) && digests.get(one.name) !== digestOf(one))
  assert.deepEqual(
    edited.map(({ name }) => name),
    [],
    'write a migration of its own instead',
  )
  assert.deepEqual(TODAY.map(({ name }) => name).toSorted(), HISTORY.map(([name]) => name).toSorted())
})

test('from every schema that there was, each row comes to what it was, in the order of today as in that of then', (t) => {
  let rows = 0
  for (let applied = FIRST; applied < HISTORY.length; applied += 1) {
    const [today, then] = [openState(t, applied), openState(t, applied)]
    const before = dump(today)
    for (const [table, kept] of Object.entries(before)) assert.ok(kept.length > 0, `${table} is empty`)
    migrate(today, TODAY, NOW)
    migrate(then, inHistory(), NOW)
    const after = dump(today)
    assert.deepEqual(after, dump(then), `after ${applied}`)
    assert.deepEqual(schemaOf(today), schemaOf(then))
    compare(before, after, applied)
    assert.deepEqual([isPending(today, TODAY), today.all('PRAGMA foreign_key_check', [])], [false, []])
    rows += Object.values(before).flat().length
  }
  assert.ok(rows > 1_000, `${rows} rows`)
})

test('what a migration works out from the rows that are there is right', (t) => {
  const connection = openState(t, AT('events-2'))
  migrate(connection, TODAY, NOW)
  const values = (query: string) => connection.all(query, []).map((row) => Object.values(row))
  const lengths = values('SELECT octet_length(data) FROM events ORDER BY user_id').flat()
  assert.ok(Number(lengths[1]) > 1_000)
  assert.deepEqual(values('SELECT bytes FROM event_counters ORDER BY user_id').flat(), [
    ...lengths.slice(0, 2),
    0,
  ])
  const early = openState(t, AT('changes-2'))
  migrate(early, TODAY, NOW)
  const told = early.all('SELECT created_at, delivered_at, data FROM notifications', [])
  assert.deepEqual(
    told.map(({ created_at, delivered_at, data }) => [created_at === delivered_at, data]),
    [
      [true, null],
      [true, null],
      [true, null],
    ],
  )
  const links = early
    .all('SELECT id, rolls_back FROM modifications ORDER BY id', [])
    .map((row) => row['rolls_back'])
  assert.deepEqual(links, [null, 'modifications id 0', null])
  const memories = early.all(
    'SELECT source_kind, source_name, trust, scope, words FROM memories ORDER BY number',
    [],
  )
  assert.deepEqual(memories.map(Object.values), [
    ['import', 'Zoë.txt', 'untrusted', 1, null],
    ['user', null, 'trusted', 2, null],
    ['user', null, 'trusted', 3, null],
  ])
})

for (const fixture of FIXTURES) {
  test(`a database of ${fixture} becomes what a new one is, and keeps its rows`, (t) => {
    const { data_dir } = openOld(t, fixture)
    const [old, fresh] = [open(t, data_dir), open(t)]
    const applied = Number(fixture.slice(7))
    const { audit = [], ...before } = dump(old)
    assert.deepEqual([before['migrations']?.length, audit.length > 30], [applied, true])
    migrate(old, TODAY, NOW)
    migrate(fresh, TODAY, NOW)
    compare({ ...before, [fixture === 'schema-10' ? 'audit_unproven' : 'audit']: audit }, dump(old), applied)
    const [{ audit_unproven, ...schema }, wanted] = [schemaOf(old), schemaOf(fresh)]
    assert.equal(audit_unproven === undefined, fixture !== 'schema-10')
    // A column that is added and never empty has a default, which nobody relies on.
    const [sessions, ours] = [old, fresh].map((one) => columnsOf(one, 'sessions').toSorted(byName))
    assert.deepEqual(sessions, ours)
    if (fixture === 'schema-10') schema['sessions'] = wanted['sessions']
    assert.deepEqual(schema, wanted)
    assert.equal(old.all('PRAGMA integrity_check', [])[0]?.['integrity_check'], 'ok')
  })
}

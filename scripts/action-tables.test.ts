import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SKILLS } from '../server/install.ts'
import { actionTables } from './action-tables.ts'

test('every action of every agent is in the tables, with what it takes', () => {
  const lines = actionTables(SKILLS).split('\n')
  const count = SKILLS.flatMap(({ actions }) => Object.keys(actions)).length
  assert.equal(lines.filter((line) => line.startsWith('| `')).length, count)
  assert.deepEqual(
    lines.filter((line) => line.startsWith('## ')).map((line) => Number(/\d+/u.exec(line)?.[0])),
    SKILLS.map(({ agent }) => agent.number),
  )
  const read = lines.find((line) => line.startsWith('| `read_source`'))
  assert.equal(
    read,
    '| `read_source` | `{text: text, format: "feed" or "page"}` | read | Reads the text of a page or the entries of a feed out of its source. |',
  )
})

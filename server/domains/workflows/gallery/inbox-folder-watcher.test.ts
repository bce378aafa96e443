import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { openGallery } from './rig.ts'

const BEGUN = 'info: From now on what is new in ~/Inbox is put on your inbox list, within two hours.'

function homeOf(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'paios-home-'))
  t.after(() => rmSync(home, { recursive: true }))
  mkdirSync(join(home, 'Inbox'))
  return home
}

async function open(t: TestContext) {
  const home = homeOf(t)
  const visitor = await openGallery(t, { watch_folders: [home] })
  const id = await visitor.add('inbox_folder_watcher')
  const put = (name: string) => writeFileSync(join(home, 'Inbox', name), name)
  /** Waits until nothing is being looked at: a look that time passes over is given up. */
  const looked = async (): Promise<void> => {
    for (let turns = 0; turns < 2_000; turns += 1) {
      const { watches } = (await visitor.act(7, 'list')) as { watches: { next_check?: string }[] }
      const [{ next_check = '' } = {}] = watches
      if (watches.length === 0 || Date.parse(next_check) > visitor.clock.now()) return
      // The disk answers between turns.
      for (let rest = 0; rest < 100; rest += 1) await nextTurn()
    }
    throw new Error('It is not looked at.')
  }
  /** The next full hour: what was told, and what came onto the list. */
  const hour = async () => {
    for (let tens = 0; tens < 5; tens += 1) {
      await looked()
      visitor.clock.advance(600_000)
    }
    await looked()
    const at = new Date(Math.ceil(visitor.clock.now() / 3_600_000) * 3_600_000)
    const { status, told, detail } = await visitor.fires(id, at.toISOString())
    assert.equal(status, 'completed', detail.error ?? '')
    const added = detail.steps.find(({ step_id }) => step_id === 'add')?.result as { added: string[] } | null
    return { told, added: added?.added ?? [] }
  }
  return { ...visitor, id, put, hour }
}

test('what was there before is left alone, and what is new comes onto the list', async (t) => {
  const { act, put, hour } = await open(t)
  put('old.pdf')
  assert.deepEqual(await hour(), { told: [BEGUN], added: [] })
  assert.deepEqual(await hour(), { told: [], added: [] })
  put('bill.pdf')
  put('Brief an Übermorgen; final.txt')
  const found = [await hour(), await hour(), await hour()].flatMap(({ added }) => added)
  const expected = ['Sort Brief an Übermorgen; final.txt', 'Sort bill.pdf']
  assert.deepEqual(found.toSorted(), expected)
  const { items } = (await act(4, 'list', { list: 'inbox' })) as { items: { text: string }[] }
  assert.deepEqual(items.map(({ text }) => text).toSorted(), expected)
})

test('who starts it by hand is told when the folder is looked at, and every hour nobody is', async (t) => {
  const { id, put, hour, start } = await open(t)
  assert.deepEqual((await start(id)).told, [BEGUN])
  assert.deepEqual((await hour()).told, [])
  put('bill.pdf')
  const { told, status } = await start(id)
  assert.equal(status, 'completed')
  assert.match(
    told.join('|'),
    /^info: Watcher looks at ~\/Inbox once an hour, next at 1[23]:\d\d\. What is new then is on your inbox list within another hour; starting this by hand makes it no sooner\.$/,
  )
  assert.deepEqual((await hour()).told, [])
})

test('of a file for every hour of half a day none is lost, and none comes twice though it is done', async (t) => {
  const { act, put, hour } = await open(t)
  await hour()
  await hour()
  const expected: string[] = []
  const found: string[] = []
  for (let count = 0; count < 15; count += 1) {
    if (count < 12) {
      put(`file-${count}`)
      expected.push(`Sort file-${count}`)
    }
    const { added } = await hour()
    found.push(...added)
    if (added.length > 0) await act(4, 'done', { items: added, list: 'inbox' })
  }
  assert.deepEqual(found, expected)
})

test('where no folder may be watched the run fails, and says what to set', async (t) => {
  const { add, start } = await openGallery(t)
  const { status, told } = await start(await add('inbox_folder_watcher'))
  assert.equal(status, 'failed')
  assert.match(told.join('|'), /^warning: .*No folder of this machine may be watched\.$/)
})

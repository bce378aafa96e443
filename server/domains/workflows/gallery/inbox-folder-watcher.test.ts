import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { openGallery } from './rig.ts'

const BEGUN = 'info: From now on what is new in ~/Inbox is put on your inbox list.'

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
  const listed = async () => {
    const { items } = (await visitor.act(4, 'list', { list: 'inbox' })) as { items: { text: string }[] }
    return items.map(({ text }) => text)
  }
  const hour = async (at: number) => {
    const day = 22 + Math.floor(at / 24)
    const { status, told, detail } = await visitor.fires(
      id,
      `2026-11-${day}T${String(at % 24).padStart(2, '0')}:00+01:00`,
    )
    assert.equal(status, 'completed', detail.error ?? '')
    return told
  }
  return { ...visitor, id, home, put, listed, hour }
}

test('what was there before is left alone, and each new file comes onto the list once', async (t) => {
  const { put, listed, hour } = await open(t)
  put('old.pdf')
  assert.deepEqual(await hour(12), [BEGUN])
  assert.deepEqual(await hour(13), [])
  assert.deepEqual(await listed(), [])
  put('bill.pdf')
  put('Brief an Übermorgen; final.txt')
  for (const at of [14, 15, 16]) assert.deepEqual(await hour(at), [])
  assert.deepEqual(await listed(), ['Sort bill.pdf', 'Sort Brief an Übermorgen; final.txt'])
})

test('no file that comes at any hour of two days is lost or listed again once it is done', async (t) => {
  const { act, put, listed, hour } = await open(t)
  await hour(12)
  const expected: string[] = []
  for (let at = 13; at < 61; at += 1) {
    put(`file-${at}`)
    expected.push(`Sort file-${at}`)
    await hour(at)
    if (at === 30) await act(4, 'done', { items: await listed(), list: 'inbox' })
  }
  for (const at of [61, 62, 63]) await hour(at)
  const done = expected.filter((text) => Number(text.slice(10)) < 29)
  const left = await listed()
  for (const text of done) assert.ok(!left.includes(text), text)
  for (const text of expected.filter((one) => Number(one.slice(10)) > 30))
    assert.ok(left.includes(text), text)
})

test('where no folder may be watched the run fails, and says what to set', async (t) => {
  const { add, start } = await openGallery(t)
  const { status, told } = await start(await add('inbox_folder_watcher'))
  assert.equal(status, 'failed')
  assert.match(told.join('|'), /^warning: .*No folder of this machine may be watched\.$/)
})

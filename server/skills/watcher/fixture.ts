import { createHash } from 'node:crypto'
import type { Capabilities, FileFacts, FilesCapability } from '../capabilities.ts'
import { openWeb, workerOf } from '../fetcher/fixture.ts'
import { ask, openInMemory } from '../in-memory.ts'
import { ActionError, stateOf } from '../skill.ts'
import type { Checked } from '../skill.ts'
import { check } from './check.ts'
import { watcher } from './index.ts'
import { WATCHES } from './record.ts'

/** Files of a disk: a text with the time of its last change, or a folder. */
export type Disk = Map<string, { text: string; modified: number } | 'folder' | ActionError>

/** A watcher whose checks are performed when a test says so. */
export function openWatcher() {
  const web = openWeb()
  const disk: Disk = new Map()
  const due = new Map<string, number>()
  const reads: string[] = []
  const checks = {
    set: async (id: string, at: number) => void due.set(id, at),
    cancel: async (id: string) => void due.delete(id),
  }
  const can = openInMemory(0, 'UTC', { net: web.net, checks, files: openDisk(disk, reads) })
  can.worker = workerOf(watcher, can)
  const tell = (name: string, parameters: object = {}) => ask(watcher, name, can, parameters)
  return {
    web,
    disk,
    due,
    reads,
    can,
    tell,
    /** Starts a watch and lets its first check pass. */
    begin: async (parameters: object): Promise<string> => {
      const { data } = await tell('watch', parameters)
      const watch_id = String(data['watch_id'])
      await perform(can, due, watch_id)
      return watch_id
    },
    /** Performs the check of a watch, at the time at which it is due. */
    check: (watch_id: string): Promise<Checked> => {
      can.clock.now = due.get(watch_id) ?? can.clock.now
      return perform(can, due, watch_id)
    },
  }
}

/** Keeps what came of a check as the server does. */
async function perform(can: Capabilities, due: Map<string, number>, watch_id: string): Promise<Checked> {
  const record = await can.records.get<unknown>(WATCHES, watch_id)
  if (record === undefined) throw new Error(`There is no watch ${watch_id}.`)
  const { collection, id } = stateOf(check, watch_id)
  const before = await can.records.get<unknown>(collection, id)
  const checked = await check.look(can, record, before?.body, new AbortController().signal)
  await can.records.put(collection, { id, body: checked.state })
  if (checked.next_due !== undefined) due.set(watch_id, checked.next_due)
  return checked
}

function openDisk(disk: Disk, reads: string[]): FilesCapability {
  const facts = (path: string): FileFacts | undefined => {
    const found = disk.get(path)
    if (found instanceof ActionError) throw found
    if (found === undefined) return undefined
    if (found === 'folder') return { path, kind: 'folder', size_bytes: 0, modified: disk.size }
    return { path, kind: 'file', size_bytes: found.text.length, modified: found.modified }
  }
  return {
    resolve: (path) => {
      if (path.startsWith('/etc'))
        throw new ActionError(`${path} is not inside the folders that may be watched.`)
      return path.replace(/^~/, '/home').replace(/(.)\/$/, '$1')
    },
    look: async (path) => facts(path),
    list: async (folder) =>
      [...disk.keys()]
        .filter((path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'))
        .toSorted()
        .map((path) => facts(path))
        .filter((found) => found !== undefined),
    digest: async (path) => {
      reads.push(path)
      const found = disk.get(path)
      const text = typeof found === 'object' && 'text' in found ? found.text : ''
      return createHash('sha256').update(text).digest('hex')
    },
  }
}

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Chance } from './chance.ts'
import type { Operation } from './recording.ts'
import { Content } from './content.ts'

/** A change of names in one folder that is not yet certain to survive. */
interface NameChange {
  folder: string
  order: number
  apply(names: Map<string, number>): void
}

/**
 * A disk under a process, of which only that is certain which was synced. Operations are applied in the order in which
 * they were recorded; at any point an image of what a power cut may leave can be made.
 *
 * Rules: D1 a write is certain once a sync of its file has ended that began after it. D2 any other may be there wholly,
 * in some of its sectors, or not, whatever became of those before it; as may a change of the size. D3 a change of names
 * is certain once a sync of its folder has ended that began after it; a sync of the file does nothing for its name.
 */
export class Disk {
  readonly #root: string
  readonly #files = new Map<number, Content>()
  readonly #folders = new Map<number, string>()
  readonly #syncs = new Map<number, number>()
  readonly #certain = new Map<string, number>()
  /** The names as the process sees them. */
  readonly #names = new Map<string, number>()
  #changes: NameChange[] = []
  #order = 0

  /** @param folders - that are certain from the start. */
  constructor(root: string, folders: readonly string[]) {
    this.#root = root
    for (const [index, path] of [root, ...folders].entries()) {
      this.#folders.set(-index, path)
      this.#certain.set(path, -index)
      this.#names.set(path, -index)
    }
  }

  apply(operation: Operation): void {
    this.#order += 1
    const { kind, file, offset, token, bytes } = operation
    if (kind === 'open') this.#open(operation)
    else if (kind === 'write') this.#content(file).write(offset, bytes, this.#order)
    else if (kind === 'truncate') this.#content(file).truncate(offset, this.#order)
    else if (kind === 'sync_begin') this.#syncs.set(token, this.#order)
    else if (kind === 'sync_end') this.#settle(file, this.#syncs.get(token) ?? 0)
    else if (kind !== 'claim') this.#name(operation)
  }

  /** Writes what is left after a power cut now; answers the folder that stands for the recorded one. */
  image(folder: string, chance: Chance): string {
    const names = new Map(this.#certain)
    const all = chance.hits(0.5)
    for (const change of this.#changes) if (all || chance.hits(0.5)) change.apply(names)
    const root = join(folder, 'root')
    mkdirSync(root, { recursive: true })
    for (const [path, id] of names) {
      if (path === this.#root || !reachable(path, this.#root, names)) continue
      const copy = root + path.slice(this.#root.length)
      if (this.#folders.has(id)) mkdirSync(copy, { recursive: true, mode: 0o700 })
      else {
        mkdirSync(dirname(copy), { recursive: true, mode: 0o700 })
        writeFileSync(copy, this.#content(id).after(chance), { mode: 0o600 })
      }
    }
    return root
  }

  #content(file: number): Content {
    return this.#files.getOrInsertComputed(file, () => new Content())
  }

  #open({ file, offset, made, bytes }: Operation): void {
    const path = bytes.toString()
    if (offset !== 0) this.#folders.set(file, path)
    if (!made) return
    this.#change(dirname(path), (names) => names.set(path, file))
  }

  #name({ kind, file, bytes, second }: Operation): void {
    const path = bytes.toString()
    if (kind === 'make_folder') this.#folders.set(file, path)
    if (kind === 'make_folder') this.#change(dirname(path), (names) => names.set(path, file))
    else if (kind === 'unlink') this.#change(dirname(path), (names) => names.delete(path))
    else {
      const moved = this.#names.get(path)
      if (moved === undefined) throw new Error(`${path} got another name, but was never made.`)
      this.#change(dirname(second), (names) => {
        if (kind === 'rename') names.delete(path)
        names.set(second, moved)
      })
    }
  }

  #change(folder: string, apply: (names: Map<string, number>) => void): void {
    apply(this.#names)
    this.#changes.push({ folder, order: this.#order, apply })
  }

  #settle(file: number, before: number): void {
    const folder = this.#folders.get(file)
    if (folder === undefined) {
      this.#content(file).settle(before)
      return
    }
    const sure = (change: NameChange): boolean => change.folder === folder && change.order < before
    for (const change of this.#changes) if (sure(change)) change.apply(this.#certain)
    this.#changes = this.#changes.filter((change) => !sure(change))
  }
}

/** Whether every folder above a path is there: what is in a lost folder is lost with it. */
function reachable(path: string, root: string, names: ReadonlyMap<string, number>): boolean {
  const folder = dirname(path)
  return folder === root || (names.has(folder) && reachable(folder, root, names))
}

import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import type { Stats } from 'node:fs'
import { lstat, open, opendir, realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, normalize, relative, sep } from 'node:path'
import type { Settings } from '../../kernel/settings.ts'
import type { FileFacts, FilesCapability } from '../../skills/capabilities.ts'
import { ActionError } from '../../skills/skill.ts'
import type { Grant } from './skills.ts'

const PATH_CHARACTERS_MAX = 4_096
const ENTRIES_MAX = 10_000
const DIGEST_BYTES_MAX = 64 * 1024 * 1024
const CHUNK_BYTES = 256 * 1024
/** Entries of a folder whose facts are asked for at once. */
const AT_ONCE = 32

/** What looks like files but is the machine itself: reading some of it never ends, and all of it tells secrets. */
const MACHINE = ['/proc', '/sys', '/dev']

type Paths = Pick<Settings, 'watch_folders' | 'data_dir' | 'key_file'>

/**
 * Lets the owner's agents look at what lies in the allowed folders. A path is judged twice: by its words, and by where
 * the links on its way really lead. What is hidden (a name with a dot in front) and what the server itself keeps is
 * never shown, wherever it lies.
 */
export function bindFiles(
  settings: Paths,
  isOwner: (user_id: string) => boolean,
): (grant: Grant) => FilesCapability {
  return ({ owner }) => {
    const resolve = (path: string): string => {
      if (!isOwner(owner.user_id)) throw new ActionError('Only the owner of this server may watch its files.')
      return absolute(settings, path)
    }
    /** Where a path really is; `undefined` when nothing is there. */
    const locate = async (path: string): Promise<{ path: string; real: string } | undefined> => {
      const asked = resolve(path)
      const real = await explained(asked, realOf(asked, asked))
      if (!(await explained(asked, isReallyAllowed(settings, real.path))))
        throw new ActionError(`${asked} leads outside the folders that may be watched.`)
      return real.exists ? { path: asked, real: real.path } : undefined
    }
    return {
      resolve,
      look: async (path) => {
        const found = await locate(path)
        if (found === undefined) return undefined
        const facts = toFacts(found.path, await explained(found.path, stat(found.real)))
        if (facts === undefined) throw new ActionError(`${found.path} is neither a file nor a folder.`)
        return facts
      },
      list: async (path) => {
        const found = await locate(path)
        if (found === undefined) throw new ActionError(`There is no folder ${path}.`)
        return explained(found.path, entries(found.path, found.real))
      },
      digest: async (path) => {
        const found = await locate(path)
        if (found === undefined) throw new ActionError(`There is no file ${path}.`)
        return explained(found.path, digest(found.path, found.real))
      },
    }
  }
}

function absolute(settings: Paths, path: string): string {
  if (path.length > PATH_CHARACTERS_MAX || path.includes('\0'))
    throw new ActionError('That is not a path of a file.')
  if (settings.watch_folders.length === 0) throw new ActionError('No folder of this machine may be watched.')
  const said = path.trim()
  const expanded = /^~(?=$|[/\\])/.test(said) ? join(homeOf(settings), said.slice(1)) : said
  if (!isAbsolute(expanded)) throw new ActionError(`"${said}" is not an absolute path.`)
  const normal = withoutSlash(normalize(expanded))
  if (!isAllowed(settings, settings.watch_folders.map(normalize), normal))
    throw new ActionError(
      `${normal} is not inside the folders that may be watched, ${settings.watch_folders.join(', ')}: the operator names others in PAIOS_WATCH_FOLDERS.`,
    )
  return normal
}

/** The folder that `~` means: the home folder where it is allowed, else the first folder. */
function homeOf({ watch_folders: [first = '', ...more] }: Paths): string {
  return [first, ...more].find((folder) => folder === homedir()) ?? first
}

/** Whether a path is in an allowed folder, with nothing hidden below that, and is none of what the server keeps. */
function isAllowed({ data_dir, key_file }: Paths, folders: readonly string[], path: string): boolean {
  const keys = dirname(key_file)
  // Where the key lies in an allowed folder itself, not all of that folder can be closed.
  const closed = folders.some((folder) => isIn(keys, folder)) ? key_file : keys
  if ([data_dir, closed, key_file, ...MACHINE].some((own) => isIn(own, path))) return false
  return folders.some((folder) => isIn(folder, path) && !isHidden(relative(folder, path)))
}

/** Judges the path with all links followed, against folders with all links followed. */
async function isReallyAllowed(settings: Paths, path: string): Promise<boolean> {
  const folders = await Promise.all(settings.watch_folders.map(folderOf))
  const [data_dir = settings.data_dir, keys = dirname(settings.key_file)] = await Promise.all(
    [settings.data_dir, dirname(settings.key_file)].map(folderOf),
  )
  return isAllowed(
    { ...settings, data_dir, key_file: join(keys, basename(settings.key_file)) },
    folders,
    path,
  )
}

/** Where a folder of the settings really is. */
async function folderOf(folder: string): Promise<string> {
  return (await realOf(folder, folder)).path
}

/**
 * Follows all links of a path as far as it exists.
 *
 * @throws ActionError for a link that leads to nothing: whether there is something outside is not to be told either.
 */
async function realOf(path: string, asked: string): Promise<{ path: string; exists: boolean }> {
  try {
    return { path: await realpath(path), exists: true }
  } catch (error) {
    if (!isMissing(error) || dirname(path) === path) throw error
  }
  const parent = await realOf(dirname(path), asked)
  if (parent.exists && (await isThere(path)))
    throw new ActionError(`${asked} leads outside the folders that may be watched.`)
  return { path: join(parent.path, basename(path)), exists: false }
}

async function isThere(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}

async function entries(path: string, real: string): Promise<FileFacts[]> {
  if (!(await stat(real)).isDirectory()) throw new ActionError(`${path} is no folder.`)
  const names: string[] = []
  for await (const { name } of await opendir(real)) {
    if (name.startsWith('.')) continue
    if (names.length === ENTRIES_MAX) throw new ActionError(`${path} has more than ${ENTRIES_MAX} entries.`)
    names.push(name)
  }
  names.sort()
  const found: FileFacts[] = []
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const some = names.slice(at, at + AT_ONCE).map((name) => entry(join(path, name), join(real, name)))
    found.push(...(await Promise.all(some)).filter((facts) => facts !== undefined))
  }
  return found
}

/** Facts of an entry; none of what is neither file nor folder, of links, and of what went away meanwhile. */
async function entry(path: string, real: string): Promise<FileFacts | undefined> {
  try {
    return toFacts(path, await lstat(real))
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** A pipe would keep the reader waiting for ever, so it is opened without waiting, and only a plain file is read. */
async function digest(path: string, real: string): Promise<string> {
  if (!(await stat(real)).isFile()) throw new ActionError(`${path} is no file.`)
  // Neither flag exists everywhere, and one that does not counts as none.
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants
  const file = await open(real, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
  try {
    if (!(await file.stat()).isFile()) throw new ActionError(`${path} is no file.`)
    const hash = createHash('sha256')
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    let size = 0
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, size)
      if (bytesRead === 0) return hash.digest('hex')
      size += bytesRead
      if (size > DIGEST_BYTES_MAX) throw new ActionError(`${path} is larger than 64 MiB.`)
      hash.update(chunk.subarray(0, bytesRead))
    }
  } finally {
    await file.close()
  }
}

function toFacts(path: string, stats: Stats): FileFacts | undefined {
  if (!stats.isFile() && !stats.isDirectory()) return undefined
  const kind = stats.isFile() ? 'file' : 'folder'
  return { path, kind, size_bytes: stats.size, modified: Math.floor(stats.mtimeMs) }
}

/** Says what a disk refuses in a sentence for the user. */
async function explained<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    const why = WHY[code] ?? `cannot be looked at (${code})`
    throw new ActionError(`${path} ${why}.`, { cause: error })
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'may not be read by this server',
  EPERM: 'may not be read by this server',
  ELOOP: 'is a link that leads in a circle',
  ENAMETOOLONG: 'has a name that is too long',
  ENOENT: 'went away while it was looked at',
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof ActionError) return undefined
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')
}

/** Whether a path is a folder or in it. */
function isIn(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

function isHidden(way: string): boolean {
  return way.split(/[/\\]/).some((name) => name.startsWith('.'))
}

function withoutSlash(path: string): string {
  return path.length > 1 && /[/\\]$/.test(path) ? path.slice(0, -1) : path
}

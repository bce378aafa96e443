import { lstat, realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, normalize, relative, sep } from 'node:path'
import type { Settings } from '../../kernel/settings.ts'
import { ActionError } from '../../skills/skill.ts'
import { isMissing } from './failure.ts'

const PATH_CHARACTERS_MAX = 4_096

/** What looks like files but is the machine itself: reading some of it never ends, and all of it tells secrets. */
const MACHINE = ['/proc', '/sys', '/dev']

/** Which folders may be watched, and what of the server's own lies in them. */
export type Paths = Pick<Settings, 'watch_folders' | 'data_dir' | 'key_file'>

/** The path that somebody names, judged by its words. @throws ActionError for one that is closed. */
export function absolute(settings: Paths, path: string): string {
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
export async function isReallyAllowed(settings: Paths, path: string): Promise<boolean> {
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
export async function realOf(path: string, asked: string): Promise<{ path: string; exists: boolean }> {
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

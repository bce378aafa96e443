import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { databasePath } from '../../server/kernel/store/open.ts'
import { openChance } from './chance.ts'
import { idleSyncer } from './store-check.ts'
import { openBook } from './workflow-book.ts'
import type { Book } from './workflow-book.ts'
import { plant } from './workflow-defects.ts'
import type { WorkflowDefect } from './workflow-defects.ts'
import type { Tortured } from './workflow-definition.ts'
import { openOutside } from './workflow-outside.ts'
import type { Outside } from './workflow-outside.ts'
import { openRunner, prepare, work } from './workflow-runs.ts'
import { Series } from './workflow-series.ts'
import type { WorkflowFigures } from './workflow-series.ts'
import { watchWrites } from './workflow-writes.ts'

/** Where a life ends: before or after a commit about runs. */
export interface Point {
  commit: number
  when: 'before' | 'after'
}

interface Crashing {
  seed: number
  workflow: Tortured
  /** Runs that go on at once. */
  together: number
  /** Of each life but the last, by its number. */
  pointOf: (life: number) => Point | undefined
  /** Each life begins one run, and its commits are counted from there: what was left is taken up and ended before. */
  singly?: true
  defect?: WorkflowDefect
  patience_ms?: number
}

const PATIENCE_MS = 15_000
/** Commits about runs that a life may have. */
const COMMITS_MAX = 60

/** Points drawn for so many lives. */
export function drawPoints(kills: number, seed: number): (life: number) => Point | undefined {
  const chance = openChance(seed)
  const points = Array.from({ length: kills }, (): Point => {
    return { commit: 1 + chance.below(COMMITS_MAX), when: chance.hits(0.5) ? 'before' : 'after' }
  })
  return (life) => points[life]
}

/**
 * Kills a server in this process: at a commit the folder is copied, as a killed process would leave it, and nothing that
 * the server does from then on counts. The next one is opened on the copy.
 */
export async function crashRepeatedly(root: string, asked: Crashing): Promise<WorkflowFigures> {
  mkdirSync(join(root, '0'), { recursive: true })
  const outside = await openOutside()
  const series = new Series(outside, asked.seed)
  const book = openBook(root)
  try {
    for (let life = 0; ; life += 1) {
      const point = asked.pointOf(life)
      const left = await live(root, { ...asked, life, point, outside, book, series })
      await outside.quiet()
      if (left !== undefined) return series.finish(join(root, String(life)), book, { kills: life, left })
      series.look(join(root, String(life + 1)))
      rmSync(join(root, String(life)), { recursive: true })
      if (series.violations.length > 0)
        return series.finish(join(root, String(life + 1)), book, { kills: life + 1, left: 0 })
    }
  } finally {
    watchWrites(undefined)
    await outside.close()
  }
}

interface Life extends Crashing {
  life: number
  point: Point | undefined
  outside: Outside
  book: Book
  series: Series
}

/** One life of the server; answers how many runs did not end in it, unless it was killed. */
async function live(root: string, life: Life): Promise<number | undefined> {
  const { point, outside, book, series, defect = 'none', singly = false } = life
  const data_dir = join(root, String(life.life))
  let isOver = false
  let count = singly || book.account() === undefined ? -Infinity : 0
  const mine = (path: string): boolean => path === databasePath(data_dir)
  watchWrites({
    ...plant(defect),
    begins: (path) => {
      if (isOver && mine(path)) throw new Error('database or disk is full: the process is gone')
    },
    commits: (path, when) => {
      if (!mine(path) || point === undefined || isOver) return
      if (when === 'before') count += 1
      if (count !== point.commit || when !== point.when) return
      isOver = true
      copyAsLeft(data_dir, join(root, String(life.life + 1)))
      throw new Error('the process is gone')
    },
  })
  const complain = (line: string): void => {
    if (!isOver) series.violations.push(`life ${life.life}: the log says ${line}`)
  }
  const server = await openRunner({
    data_dir,
    outside: outside.host,
    syncer: () => idleSyncer,
    complain,
    onFatal: (error) => complain(String(error)),
  })
  await prepare(server, book)
  if (!singly) count = Math.max(count, 0)
  let begun = 0
  const next = (): string | undefined => {
    if (point === undefined || (singly && begun > 0)) return undefined
    begun += 1
    if (singly) count = 0
    return `k${life.life}x${begun}`
  }
  const patience_ms = life.patience_ms ?? PATIENCE_MS
  const left = await work(server, book, {
    ...life,
    outside: outside.host,
    next,
    isOver: () => isOver,
    patience_ms,
  })
  await server.close()
  return isOver ? undefined : left
}

function isLeft(path: string): boolean {
  return !/^lock\.sqlite|-shm$/.test(basename(path))
}

/** The files of a data folder but for what dies with a process. */
function copyAsLeft(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: isLeft })
}

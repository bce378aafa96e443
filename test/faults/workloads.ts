import { join } from 'node:path'
import type { Defect } from './broken.ts'
import { cutPower } from './power.ts'
import type { PowerFigures } from './power.ts'
import { record } from './recording.ts'
import { checkServerImage } from './server-check.ts'
import { checkStore } from './store-check.ts'

interface Asked {
  /** What runs: the store alone, or the whole server. */
  workload: 'store' | 'server'
  defect?: Defect
  library: string
  folder: string
  seed: number
  images: number
  /** End at the first violation. */
  first?: boolean
}

/** Commits in each of the two sessions: enough for the log to be checkpointed and written over in each. */
const COMMITS = 300
const USERS = 4
/** Stories of all users together. */
const ROUNDS = 150

/** Records a workload, cuts its power at random points, and checks what each cut leaves. */
export async function cutWorkload({ workload, defect = 'none', ...asked }: Asked): Promise<PowerFigures> {
  const { library, seed } = asked
  const folder = join(asked.folder, `${workload}-${defect}-${seed}`)
  if (workload === 'store') {
    const words = [defect, String(COMMITS)]
    const recording = await record({ library, folder, seed, script: 'store-workload.ts', words, folders: [] })
    return cutPower({ ...asked, folder, recording, check: checkStore })
  }
  const words = [String(USERS), String(ROUNDS), defect]
  const recording = await record({ library, folder, seed, script: 'server.ts', words, folders: [] })
  return cutPower({ ...asked, folder, recording, check: checkServerImage })
}

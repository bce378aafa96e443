import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Chance } from './chance.ts'
import { openChance } from './chance.ts'
import { Disk } from './disk.ts'
import type { Recording } from './recording.ts'

/** Looks at what a power cut left, given what was claimed before it; answers what is not as promised. */
export type Check<C> = (root: string, claims: readonly C[]) => Promise<string[]>

export interface PowerFigures {
  images: number
  /** Claims that were checked, over all images. */
  claims: number
  /** One for each image that breaks a promise, with its place in the recording. */
  violations: string[]
}

interface Asked<C> {
  recording: Recording
  check: Check<C>
  images: number
  seed: number
  folder: string
  /** End at the first violation: enough for those who look whether there is one. */
  first?: boolean
}

/** Cuts the power at random points of a recording, and checks what each leaves. */
export async function cutPower<C>(asked: Asked<C>): Promise<PowerFigures> {
  const { recording, check, images, seed, folder, first } = asked
  const { root, folders, operations } = recording
  const chance = openChance(seed)
  const claimed = operations.flatMap(({ kind }, index) => (kind === 'claim' ? [index] : []))
  const cuts = Array.from({ length: images }, () => drawCut(recording, claimed, chance))
  const disk = new Disk(root, folders)
  const figures: PowerFigures = { images: 0, claims: 0, violations: [] }
  const claims: C[] = []
  let done = 0
  for (const [index, cut] of cuts.toSorted((a, b) => a - b).entries()) {
    for (; done < cut; done += 1) {
      const operation = operations[done]
      if (operation === undefined) break
      disk.apply(operation)
      if (operation.kind === 'claim') claims.push(JSON.parse(operation.bytes.toString()) as C)
    }
    const place = join(folder, `image-${index}`)
    mkdirSync(place, { recursive: true })
    const problems = await check(disk.image(place, chance), claims).catch((error: unknown) => [String(error)])
    rmSync(place, { recursive: true })
    figures.images += 1
    figures.claims += claims.length
    if (problems.length === 0) continue
    const some = problems.slice(0, 3).join('; ')
    figures.violations.push(`seed ${seed}, cut after ${cut} of ${operations.length} operations: ${some}`)
    if (first === true) break
  }
  return figures
}

/** Half of the cuts come right after a claim, where a premature one has no time to come true. */
function drawCut({ operations }: Recording, claimed: readonly number[], chance: Chance): number {
  const claim = claimed[chance.below(Math.max(claimed.length, 1))]
  return claim !== undefined && chance.hits(0.5) ? claim + 1 : 1 + chance.below(operations.length)
}

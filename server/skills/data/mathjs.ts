import { createRequire } from 'node:module'
import type { BigNumber, ConfigOptions, MathJsInstance } from 'mathjs'

export type MathLibrary = MathJsInstance
export type { BigNumber }

/** Digits that intermediate results keep, so that sums of ordinary decimals come out exact. */
const PRECISION = 64

/** The bundle is a ready instance, whose `create` makes another one with all functions. */
interface Bundle {
  create(config: ConfigOptions): MathLibrary
}

let loaded: MathLibrary | undefined

/**
 * The library of number functions and units, loaded at first use.
 *
 * The bundled file is read instead of the package's front door: that one is about 600 modules and blocks everything
 * else for a second, the bundle for a tenth of it.
 */
export function loadMath(): MathLibrary {
  if (loaded === undefined) {
    const bundle = createRequire(import.meta.url)('mathjs/lib/browser/math.js') as Bundle
    loaded = bundle.create({ number: 'BigNumber', precision: PRECISION })
  }
  return loaded
}

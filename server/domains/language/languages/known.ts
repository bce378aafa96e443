import { german } from './de/tongue.ts'
import { spanish } from './es/tongue.ts'
import type { Tongue } from './tongue.ts'

/** The languages besides English, in the order in which they are tried. */
export const TONGUES: readonly Tongue[] = [german, spanish]

/** Length of an IBAN by country (SWIFT IBAN registry). */
const LENGTHS = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
)

/**
 * How many characters of a text of letters, digits, spaces and hyphens are an IBAN that it starts with; 0 when there is
 * none. Single spaces and hyphens may stand inside.
 */
export function ibanLength(text: string): number {
  const wanted = LENGTHS.get(text.slice(0, 2).toUpperCase())
  if (wanted === undefined) return 0
  let bare = ''
  let end = 0
  while (bare.length < wanted && end < text.length) {
    if (isLetterOrDigit(text, end)) bare += text[end]
    else if (!isLetterOrDigit(text, end + 1)) return 0
    end += 1
  }
  return bare.length === wanted && !isLetterOrDigit(text, end) && isIban(bare.toUpperCase()) ? end : 0
}

function isLetterOrDigit(text: string, at: number): boolean {
  const sign = text[at] ?? ''
  return (sign >= '0' && sign <= '9') || (sign >= 'A' && sign <= 'Z') || (sign >= 'a' && sign <= 'z')
}

/** Whether the check digits are right (ISO 13616: modulo 97). */
function isIban(bare: string): boolean {
  if (!/^[A-Z]{2}\d{2}/.test(bare)) return false
  let rest = 0
  for (const sign of bare.slice(4) + bare.slice(0, 4)) {
    const value = Number.parseInt(sign, 36)
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97
  }
  return rest === 1
}

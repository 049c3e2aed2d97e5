//! Serial numbers that wrap, made into ones that do not: the one place where 16 bits are compared.

/// The number nearest to `reference` whose low 16 bits are `low`; `None` when that would be below zero.
pub fn extend(reference: u64, low: u16) -> Option<u64> {
    let distance = low.wrapping_sub(low16(reference)) as i16;
    reference.checked_add_signed(i64::from(distance))
}

pub fn low16(number: u64) -> u16 {
    (number & 0xffff) as u16
}

/// Whether `number` comes after `reference` in a space of `bits` bits (RFC 1982).
pub fn is_after(number: u32, reference: u32, bits: u32) -> bool {
    let mask = u32::MAX >> (32_u32.saturating_sub(bits));
    let distance = number.wrapping_sub(reference) & mask;
    distance != 0 && distance <= mask >> 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_number_is_found_over_a_wrap() {
        assert_eq!(extend(0x1_fffe, 1), Some(0x2_0001));
        assert_eq!(extend(0x2_0001, 0xfffe), Some(0x1_fffe));
        assert_eq!(extend(5, 0xffff), None);
    }

    #[test]
    fn after_means_the_shorter_way_round() {
        assert!(is_after(1, 0x7fff, 15));
        assert!(!is_after(0x7fff, 1, 15));
        assert!(!is_after(7, 7, 16));
    }
}

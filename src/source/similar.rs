/// The candidate that `word` was most likely meant to be; `None` if none is near.
pub fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = 1 + word.chars().count().min(32) / 4;
    candidates
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Insertions, deletions, replacements and swaps of neighbours that make `a` into `b`, case
/// aside. Only the first 64 characters count: names are short, and nothing here may be quadratic
/// in a hostile one.
fn distance(a: &str, b: &str) -> usize {
    let letters = |text: &str| -> Vec<char> {
        text.chars().take(64).map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let (a, b) = (letters(a), letters(b));
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect(), vec![0; b.len() + 1]];
    for (i, left) in a.iter().enumerate() {
        rows[2][0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let mut least = (rows[1][j] + usize::from(left != right))
                .min(rows[1][j + 1] + 1)
                .min(rows[2][j] + 1);
            if i > 0 && j > 0 && *left == b[j - 1] && a[i - 1] == *right {
                least = least.min(rows[0][j - 1] + 1);
            }
            rows[2][j + 1] = least;
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_near_and_another_word_is_not() {
        let words = ["latest-tag", "rolling-tag", "root-user"];
        assert_eq!(closest("latest-tga", words), Some("latest-tag"));
        assert_eq!(closest("root_user", words), Some("root-user"));
        assert_eq!(closest("roling-tag", words), Some("rolling-tag"));
        assert_eq!(closest("healthcheck", words), None);
        assert_eq!(closest("", words), None);
        assert_eq!(closest("off", ["off"]), Some("off"));
    }
}

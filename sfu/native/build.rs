//! Computes the digest of everything the library is built from, so that a test can tell a stale library
//! (`tests/sfu/test_native_is_fresh.py` computes the same of the tree). FNV-1a is enough: it guards against
//! forgetting, not against an attacker, and costs no dependency.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

const FILES: [&str; 4] = ["Cargo.lock", "Cargo.toml", "build.rs", "core/Cargo.toml"];
const FOLDERS: [&str; 2] = ["core/src", "src"];

const OFFSET_BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths: Vec<PathBuf> = FILES.iter().map(PathBuf::from).collect();
    for folder in FOLDERS {
        gather(Path::new(folder), &mut paths)?;
    }
    let mut files = Vec::new();
    for path in paths {
        let name = path.to_str().ok_or("a file's name is not UTF-8")?.to_owned();
        files.push((name, fs::read(&path)?));
    }
    files.sort();
    println!("cargo:rustc-env=SOURCE_DIGEST={:016x}", digest(&files));
    for watched in FILES.iter().chain(&FOLDERS) {
        println!("cargo:rerun-if-changed={watched}");
    }
    Ok(())
}

fn gather(folder: &Path, paths: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            gather(&path, paths)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
    Ok(())
}

/// Of each file: its path, a zero byte, its content, a zero byte.
fn digest(files: &[(String, Vec<u8>)]) -> u64 {
    let bytes = files.iter().flat_map(|(name, content)| [name.as_bytes(), &[0], content, &[0]]).flatten();
    bytes.fold(OFFSET_BASIS, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

//! Bytes on their way from one who makes them to one who reads them more slowly, kept on disk meanwhile.
//!
//! For answers that begin before the question has been heard to its end: most HTTP clients read nothing before they have
//! sent everything, so whoever waited for them to read would wait for ever. Memory does not grow with what is kept; the
//! file has no name and goes with the last handle on it, and what is in it goes when nobody reads on.
//!
//! Never here: what the bytes mean.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use tokio::sync::watch;

/// How much is read at a time.
const PIECE: u64 = 256 << 10;

/// What the reader knows of the writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    written: u64,
    end: End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    NotYet,
    Whole,
    Broken,
}

/// The end that bytes go in at. Dropped without [`Writer::finish`] or [`Writer::break_off`], it breaks the stream off with an
/// error, and does not wait for anybody.
#[derive(Debug)]
pub struct Writer {
    file: Arc<File>,
    state: watch::Sender<State>,
    /// How much the reader has taken; its sender goes with the reader.
    taken: watch::Receiver<u64>,
}

/// Opens a spool: where to write, and the stream of what is written.
///
/// # Errors
/// When there is no place for temporary files.
pub fn open() -> io::Result<(Writer, impl Stream<Item = io::Result<Bytes>> + Send + 'static)> {
    let file = Arc::new(tempfile::tempfile()?);
    let (state, seen) = watch::channel(State { written: 0, end: End::NotYet });
    let (takes, taken) = watch::channel(0);
    Ok((Writer { file: file.clone(), state, taken }, read(file, seen, takes)))
}

impl Writer {
    /// Appends bytes.
    ///
    /// # Errors
    /// When the disk is full or fails, and when nobody reads any more.
    pub async fn write(&mut self, bytes: Bytes) -> io::Result<()> {
        if self.state.is_closed() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let (file, at, length) = (self.file.clone(), self.written(), bytes.len() as u64);
        tokio::task::spawn_blocking(move || file.write_all_at(&bytes, at)).await??;
        self.state.send_modify(|state| state.written += length);
        Ok(())
    }

    /// How many bytes have been written.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.state.borrow().written
    }

    /// Says that this was all, and waits until it has been read, or nobody has read on for as long as `patience`.
    pub async fn finish(self, patience: Duration) {
        self.end(End::Whole, patience).await;
    }

    /// Has the stream end with an error behind what was written, and waits like [`Writer::finish`].
    pub async fn break_off(self, patience: Duration) {
        self.end(End::Broken, patience).await;
    }

    async fn end(mut self, end: End, patience: Duration) {
        self.state.send_modify(|state| state.end = end);
        // An error: the reader has gone.
        while let Ok(changed) = tokio::time::timeout(patience, self.taken.changed()).await {
            if changed.is_err() {
                return;
            }
        }
        let file = self.file.clone();
        let emptied = tokio::task::spawn_blocking(move || file.set_len(0)).await;
        if let Err(error) = emptied.map_err(io::Error::other).and_then(|emptied| emptied) {
            tracing::warn!(%error, "what nobody reads cannot be thrown away");
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.state.send_if_modified(|state| {
            let breaks = state.end == End::NotYet;
            if breaks {
                state.end = End::Broken;
            }
            breaks
        });
    }
}

fn read(
    file: Arc<File>,
    mut seen: watch::Receiver<State>,
    takes: watch::Sender<u64>,
) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    async_stream::try_stream! {
        let mut at = 0;
        loop {
            let State { written, end } = *seen.borrow_and_update();
            if at < written {
                let length = (written - at).min(PIECE) as usize;
                let file = file.clone();
                let piece = tokio::task::spawn_blocking(move || {
                    let mut piece = vec![0; length];
                    file.read_exact_at(&mut piece, at).map(|()| piece)
                });
                let piece = piece.await??;
                at += piece.len() as u64;
                takes.send_replace(at);
                yield Bytes::from(piece);
            } else if end == End::Whole {
                break;
            } else if end == End::Broken {
                // The server sends what it holds before it hears of this.
                tokio::task::yield_now().await;
                Err(io::Error::other("the answer broke off"))?;
            } else {
                // Fails when the writer has gone, of which its last word tells.
                let _ = seen.changed().await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::{StreamExt, TryStreamExt};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn what_is_written_is_read_in_order_however_late() {
        let (mut writer, stream) = open().unwrap();
        let mut all = Vec::new();
        for i in 0..40_u8 {
            let piece = vec![i; 10_000 + usize::from(i)];
            all.extend_from_slice(&piece);
            writer.write(piece.into()).await.unwrap();
        }
        assert_eq!(writer.written(), all.len() as u64);
        let (read, ()) = tokio::join!(stream.try_collect::<Vec<Bytes>>(), writer.finish(PATIENCE));
        assert!(read.unwrap().concat() == all);
    }

    #[tokio::test]
    async fn a_reader_may_come_first() {
        let (mut writer, stream) = open().unwrap();
        let reader = tokio::spawn(stream.try_collect::<Vec<Bytes>>());
        tokio::task::yield_now().await;
        writer.write(Bytes::from_static(b"a")).await.unwrap();
        tokio::task::yield_now().await;
        writer.write(Bytes::from_static(b"b")).await.unwrap();
        writer.finish(PATIENCE).await;
        assert_eq!(reader.await.unwrap().unwrap().concat(), b"ab");
    }

    #[tokio::test]
    async fn a_writer_that_goes_breaks_the_stream_off() {
        let (mut writer, stream) = open().unwrap();
        writer.write(Bytes::from_static(b"half")).await.unwrap();
        drop(writer);
        let read: Vec<_> = stream.collect().await;
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].as_ref().unwrap(), "half");
        assert!(read[1].is_err());
    }

    #[tokio::test]
    async fn what_nobody_reads_is_thrown_away() {
        let (mut writer, stream) = open().unwrap();
        let mut stream = std::pin::pin!(stream);
        let file = writer.file.clone();
        writer.write(vec![7; 3 * PIECE as usize].into()).await.unwrap();
        assert_eq!(stream.next().await.unwrap().unwrap().len(), PIECE as usize);
        assert_eq!(file.metadata().unwrap().len(), 3 * PIECE);
        writer.finish(Duration::from_millis(20)).await;
        assert_eq!(file.metadata().unwrap().len(), 0);
        assert!(stream.next().await.unwrap().is_err(), "an answer that is not whole must not look like one");
    }

    #[tokio::test]
    async fn who_writes_is_told_that_the_reader_has_gone() {
        let (mut writer, stream) = open().unwrap();
        writer.write(Bytes::from_static(b"much")).await.unwrap();
        drop(stream);
        writer.break_off(Duration::MAX).await;
    }

    #[tokio::test]
    async fn nothing_is_written_for_nobody() {
        let (mut writer, stream) = open().unwrap();
        drop(stream);
        let refused = writer.write(Bytes::from_static(b"x")).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::BrokenPipe);
    }
}

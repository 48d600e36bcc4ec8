//! The Video API: what happens in sessions, and to archives.

use super::envelope::Status;
use super::kind::{Any, Integer, MilliTime, Text, Word};

record! { 'b;
    /// Something happened in a session.
    VideoSession [occurred_at: MilliTime = "timestamp"] {
        /// What happened: the event of the whole.
        event: Word = "event",
        /// The session.
        session_id: Word = "sessionId",
        /// The application; a project on the older platform.
        application_id: Word = "applicationId" | "projectId",
        /// The connection that came or went.
        connection: VideoConnection<'b> = "connection",
        /// The stream that came or went.
        stream: VideoStream<'b> = "stream",
        /// Why it went.
        reason: Text = "reason",
    }

    /// A connection to a session.
    VideoConnection {
        /// Its id.
        id: Word = "id",
        /// When it came.
        created_at: MilliTime = "createdAt",
        /// What the token of the client had with it.
        data: Text = "data",
    }

    /// A stream of a session.
    VideoStream {
        /// Its id.
        id: Word = "id",
        /// Whose it is.
        connection: VideoConnection<'b> = "connection",
        /// When it came.
        created_at: MilliTime = "createdAt",
        /// Its name.
        name: Text = "name",
        /// `camera`, `screen` or `custom`.
        video_type: Word = "videoType",
    }

    /// An archive has a new status.
    VideoArchive [id: Word = "id", occurred_at: MilliTime = "timestamp", status: Status<'b> = "status"] {
        /// `archive`.
        event: Word = "event",
        /// The session.
        session_id: Word = "sessionId",
        /// The application; a project on the older platform.
        application_id: Word = "applicationId" | "projectId" | "partnerId",
        /// When the archive began.
        created_at: MilliTime = "createdAt",
        /// How long it is, in seconds.
        duration: Integer = "duration",
        /// How long it is, in bytes.
        size: Integer = "size",
        /// Its name.
        name: Text = "name",
        /// Where it is.
        url: Word = "url",
        /// Why it ended or failed.
        reason: Text = "reason",
        /// The resolution.
        resolution: Any = "resolution",
    }
}

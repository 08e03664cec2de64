// Where a collector keeps what clients over the network have it record, for they do not choose where this user's files
// are written. Entry: newRecordingFolder, by the service's Record. Must hold: the folder is this user's alone, on a
// disk and not in shared memory unless its user says so.
#pragma once

#include <string>

namespace heapatlas::collector {

// heapatlas/recordings in XDG_STATE_HOME, or in ~/.local/state; empty where there is no home.
std::string defaultRecordingsFolder();
// The path of a folder that is not there yet, in one that is made when it is lacking. The session is a client's text,
// of which the name keeps what is harmless. Throws recording::RecordingError.
std::string newRecordingFolder(const std::string& all, const std::string& session);

}  // namespace heapatlas::collector

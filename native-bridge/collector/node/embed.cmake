# cmake -DINPUT=FILE -DOUTPUT=FILE.cc -P embed.cmake: FILE as an array of bytes, heapatlas::node::preloadedLibrary.
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include \"node/preloaded.h\"
namespace heapatlas::node {
namespace {
constexpr unsigned char kBytes[] = {${bytes}};
}
std::span<const unsigned char> preloadedLibrary() { return kBytes; }
}
")

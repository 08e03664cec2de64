// A program whose functions are inlined into each other, for the symbolizer's test. It is looked at, hardly run.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

namespace {

volatile int sink = 0;

inline int innermost(int value) {
  sink = sink + value;
  return sink * 3;
}

inline int middle(int value) {
  int sum = 0;
  for (int index = 0; index < value; ++index) {
    sum += innermost(index);
  }
  return sum;
}

}  // namespace

namespace shapes {

class Square {
 public:
  explicit Square(int side) : side_(side) {}
  __attribute__((noinline)) int area() const { return middle(side_) + innermost(side_); }
  template <typename Function>
  __attribute__((noinline)) int apply(Function function) const {
    return function(side_) + middle(side_ + 1);
  }

 private:
  int side_;
};

}  // namespace shapes

__attribute__((noinline)) static int sortedSum(int count) {
  std::vector<std::string> words;
  for (int index = 0; index < count; ++index) words.push_back(std::to_string(count - index));
  std::sort(words.begin(), words.end());
  return std::accumulate(words.begin(), words.end(), 0,
                         [](int sum, const std::string& word) { return sum + static_cast<int>(word.size()); });
}

extern "C" __attribute__((noinline)) int plainC(int value) { return middle(value) + 1; }

int main(int count, char** words) {
  const shapes::Square square(count + 5);
  int result = square.area() + square.apply([&](int side) { return innermost(side) + count; }) + sortedSum(count + 3);
  result += plainC(std::atoi(words[0]));
  std::printf("%d\n", result);
  return 0;
}

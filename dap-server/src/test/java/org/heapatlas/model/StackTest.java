package org.heapatlas.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StackTest {
  private static final String STRING =
      "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >";

  private static Stack stack(String... functions) {
    return new Stack(
        Arrays.stream(functions)
            .map(function -> new StackFrame(1, function, "/src/a.cc", 3, "/bin/a", 1, false))
            .toList(),
        false);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "malloc",
        "operator new(unsigned long)",
        "operator new[](unsigned long, std::align_val_t)",
        "std::__new_allocator<int>::allocate(unsigned long, void const*)",
        "std::allocator_traits<std::allocator<int> >::allocate(std::allocator<int>&, unsigned long)",
        "void std::vector<int, std::allocator<int> >::_M_realloc_insert<int>(int*, int&&)",
        "std::pair<int*, int> std::_Hashtable<int>::_M_emplace<int&>(std::true_type, int&)",
        "__gnu_cxx::new_allocator<char>::allocate(unsigned long, void const*)",
        "zmalloc",
        "zmalloc_usable",
        "ztrycalloc_usable",
        "zstrdup",
        "zcalloc_num",
        "g_malloc0_n",
        "xrealloc",
        "sqlite3DbMallocRaw",
        "mallocWithAlarm",
        "base::checkedMalloc(unsigned long)",
        "xreallocarray"
      })
  void plumbingIsNotWhoWantedTheMemory(String function) {
    assertThat(stack(function, "wants(int)", "main").caller().orElseThrow().function())
        .isEqualTo("wants(int)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "malloc_loop",
        "preallocate(int)",
        "sdsnewlen",
        "Pool::alloc(int)",
        "alloc::fill()",
        "allocate(int)",
        "store::Cache<" + STRING + ">::put(" + STRING + ")",
        "std_lib_init",
        "reallocate"
      })
  void whatOnlySoundsLikeItIsTheProgramsCode(String function) {
    assertThat(stack("malloc", function, "main").caller().orElseThrow().function())
        .isEqualTo(function);
  }

  @Test
  void whatTheOwnerCalledIsNamedBesideIt() {
    assertThat(stack("zmalloc_usable", "zmalloc", "dictAddRaw", "main").owner())
        .contains("dictAddRaw via zmalloc");
    assertThat(
            stack(
                    "std::__new_allocator<int>::allocate(unsigned long, void const*)",
                    "void std::vector<int, std::allocator<int> >::push_back(int&&)",
                    "(anonymous namespace)::Registry::add(int)",
                    "main")
                .owner())
        .contains("(anonymous namespace)::Registry::add via std::vector<int>::push_back");
    assertThat(stack("operator new(unsigned long)", "main").owner()).contains("main");
    assertThat(stack("main").owner()).contains("main");
  }

  @Test
  void aStackOfPlumbingAloneIsNamedByItsFirstFrame() {
    assertThat(stack("zmalloc", "std::__a()").owner()).contains("zmalloc");
    assertThat(Stack.EMPTY.owner()).isEmpty();
    assertThat(Stack.EMPTY.described()).isEmpty();
  }

  @Test
  void anOwnerWithoutANameIsPlacedUnderACallerThatHasOne() {
    assertThat(stack("malloc", "", "", "sqlite3_step", "main").owner())
        .contains("a+0x1 under sqlite3_step");
    assertThat(stack("malloc", "", "").owner()).contains("a+0x1");
  }

  @Test
  void rustsLibraryIsKnownByItsSources() {
    StackFrame library =
        new StackFrame(1, "alloc::raw_vec::finish_grow", "/lib/raw_vec.rs", 3, "/bin/a", 1, false);
    StackFrame own = new StackFrame(1, "job::run", "/src/job.rs", 3, "/bin/a", 1, false);
    assertThat(new Stack(java.util.List.of(library, own), false).caller()).contains(own);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "main | main",
        "f(int) | f",
        "ns::A::f(int (*)(char), ns::B const&) const & | ns::A::f",
        "(anonymous namespace)::f | (anonymous namespace)::f",
        "(anonymous namespace)::f() | (anonymous namespace)::f",
        "void f<int>(int) | f<int>",
        "std::pair<int, A> const& ns::g<A, 3>(A) | ns::g<A, 3>",
        "std::map<int, A, std::less<int>, std::allocator<std::pair<int const, A> > >::at(int) | std::map<int, A>::at",
        "A::operator()(int) const | A::operator()",
        "A::operator bool() const | A::operator bool",
        "operator new(unsigned long) | operator new",
        "std::ostream& std::operator<< <std::char_traits<char> >(std::ostream&, char const*) | std::operator<< <std::char_traits<char>>",
        "main::{lambda(int)#1}::operator()(int) const | main::{lambda(int)#1}::operator()",
        "f(A)::<lambda(B)>::operator()(B) const | f(A)::<lambda(B)>::operator()",
        "broken<(( | broken<(("
      })
  void aNameIsReadableWithoutParametersResultsAndDefaults(String function, String name) {
    assertThat(new StackFrame(1, function, "", 0, "", 0, false).name()).isEqualTo(name);
  }

  @Test
  void aStringIsCalledSo() {
    assertThat(
            new StackFrame(1, "A<" + STRING + ">::f(" + STRING + ")", "", 0, "", 0, false).name())
        .isEqualTo("A<std::string>::f");
  }
}

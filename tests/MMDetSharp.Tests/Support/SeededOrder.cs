using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MMDetSharp.Tests.Support;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestCollectionOrderer("MMDetSharp.Tests.Support." + nameof(SeededOrder), "MMDetSharp.Tests")]
[assembly: TestCaseOrderer("MMDetSharp.Tests.Support." + nameof(SeededOrder), "MMDetSharp.Tests")]

namespace MMDetSharp.Tests.Support;

/// <summary>
/// Runs classes, and the tests of a class, in an order that <c>MMDET_TEST_SEED</c> decides (0 without it): no test may
/// depend on what ran before it. <c>./test --seed 7</c> sets it.
/// </summary>
public sealed class SeededOrder : ITestCollectionOrderer, ITestCaseOrderer
{
    private static readonly int s_seed = Seed(Environment.GetEnvironmentVariable("MMDET_TEST_SEED"));

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Place(collection.DisplayName));

    /// <inheritdoc/>
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase =>
        testCases.OrderBy(test => Place(test.UniqueID));

    private static int Seed(string? text) =>
        string.IsNullOrEmpty(text) ? 0
        : int.TryParse(text, CultureInfo.InvariantCulture, out var seed) ? seed
        : throw new FormatException($"MMDET_TEST_SEED must be a whole number, got '{text}'.");

    private static long Place(string name) =>
        BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{s_seed} {name}"))));
}

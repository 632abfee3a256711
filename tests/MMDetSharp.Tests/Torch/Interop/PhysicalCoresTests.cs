using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Tests.Torch.Interop;

public sealed class PhysicalCoresTests
{
    [Fact]
    public void Parse_TwoThreadsPerCoreOnTwoProcessors_CountsCoresOnce()
    {
        string[] lines =
        [
            "processor\t: 0", "physical id\t: 0", "core id\t\t: 0", "",
            "processor\t: 1", "physical id\t: 0", "core id\t\t: 1", "",
            "processor\t: 2", "physical id\t: 0", "core id\t\t: 0", "",
            "processor\t: 3", "physical id\t: 1", "core id\t\t: 0",
        ];

        Assert.Equal(3, PhysicalCores.Parse(lines));
    }

    [Fact]
    public void Parse_NoTopology_IsUnknown() => Assert.Null(PhysicalCores.Parse(["processor : 0", "model name : x"]));

    [Fact]
    public void Count_Always_FitsTheMachine() => Assert.InRange(PhysicalCores.Count(), 1, Environment.ProcessorCount);
}

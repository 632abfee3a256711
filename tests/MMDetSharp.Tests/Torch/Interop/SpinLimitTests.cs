using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Interop;

namespace MMDetSharp.Tests.Torch.Interop;

/// <summary>What libgomp understood, in its own words: it prints its settings when it is loaded.</summary>
public sealed class SpinLimitTests
{
    [Fact]
    public async Task Load_NothingSaid_BoundsSpinning() =>
        Assert.Equal(SpinLimit.Count, await SettingAsync("GOMP_SPINCOUNT"));

    [Fact]
    public async Task Load_CountOfTheUser_StaysInForce() =>
        Assert.Equal("77", await SettingAsync("GOMP_SPINCOUNT", ("GOMP_SPINCOUNT", "77")));

    [Fact]
    public async Task Load_PolicyOfTheUser_StaysInForce() =>
        Assert.Equal("0", await SettingAsync("GOMP_SPINCOUNT", ("OMP_WAIT_POLICY", "passive")));

    private static async Task<string> SettingAsync(string name, params (string Name, string Value)[] environment)
    {
        var start = MmdetProcess.Start("env");
        start.Environment.Remove("GOMP_SPINCOUNT");
        start.Environment.Remove("OMP_WAIT_POLICY");
        start.Environment["OMP_DISPLAY_ENV"] = "verbose";
        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        var result = (await MmdetProcess.RunAsync(start)).Succeeded();
        var line = Assert.Single(result.Errors.Split('\n'), line => line.Contains($"{name} = ", StringComparison.Ordinal));
        return line.Split('\'')[1];
    }
}
